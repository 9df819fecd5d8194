-- wrk: several addresses or bodies in turn, a pause between the requests of a connection, and the result as one line
-- of JSON. In a body that is sent, and in its key, a mark stands for a UUID that every request has for itself.
local prepared, turn = {}, 0

local function parts_of(text, mark)
  local parts, from = {}, 1
  local first, last = text:find(mark, from, true)
  while first do
    parts[#parts + 1] = text:sub(from, first - 1)
    from = last + 1
    first, last = text:find(mark, from, true)
  end
  parts[#parts + 1] = text:sub(from)
  return parts
end

local function send(bodies, mark, ids)
  wrk.headers["Content-Type"], wrk.headers["Idempotency-Key"] = "application/json", mark
  for body in io.lines(bodies) do
    prepared[#prepared + 1] = parts_of(wrk.format("POST", nil, nil, body), mark)
  end
  function request()
    turn = turn + 1
    local id = string.format("%08x-%s-%012x", turn * 2654435761 % 4294967296, ids, turn)
    return table.concat(prepared[turn % #prepared + 1], id)
  end
end

function init(arguments)
  local pause, bodies = tonumber(arguments[1]), arguments[2]
  wrk.path = arguments[5]
  if bodies ~= "" then
    send(bodies, arguments[3], arguments[4])
  elseif #arguments > 5 then
    for number = 5, #arguments do
      prepared[#prepared + 1] = wrk.format("GET", arguments[number])
    end
    function request()
      turn = turn % #prepared + 1
      return prepared[turn]
    end
  end
  if pause > 0 then
    function delay()
      return math.random(0, math.floor(2 * pause))
    end
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "failures": %d, "p50": %.9f, "p95": %.9f, "p99": %.9f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(95) / 1e6, latency:percentile(99) / 1e6))
end
