// What a team in JavaScript would put in the gateway's place: fastify, its token check and its proxy, as their
// documentation has them. One process; kept-open connections to a unix socket; a token that was verified is remembered
// until it ends; one line of log a request, buffered. argv: port, socket of the upstream, JWKS file, issuer, audience, log.
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import proxy from '@fastify/http-proxy'
import jwt from '@fastify/jwt'
import fastify from 'fastify'
import pino from 'pino'

const [port, socketPath, keys, issuer, audience, log] = process.argv.slice(2)
const [key] = JSON.parse(readFileSync(keys)).keys
const publicKey = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const stream = pino.destination({ dest: log, minLength: 8192, sync: false })
const app = fastify({ logger: { stream }, disableRequestLogging: true })

app.addHook('onResponse', async (request, reply) => {
  request.log.info({ method: request.method, status: reply.statusCode, ms: reply.elapsedTime })
})
await app.register(jwt, {
  secret: { public: publicKey },
  verify: { algorithms: [key.alg ?? 'ES256'], allowedIss: issuer, allowedAud: audience, cache: true },
})
app.get('/livez', async () => 'ok')
await app.register(proxy, {
  upstream: 'http://registry',
  undici: { connections: 256, pipelining: 1, connect: { socketPath } },
  preHandler: async request => request.jwtVerify(),
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
