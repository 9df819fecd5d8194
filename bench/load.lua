-- wrk: several addresses in turn, a pause between the requests of a connection, and the result as one line of JSON.
local prepared, turn = {}, 0

function init(arguments)
  local pause = tonumber(arguments[1])
  wrk.path = arguments[2]
  if #arguments > 2 then
    for number = 2, #arguments do
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
