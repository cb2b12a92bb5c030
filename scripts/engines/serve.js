// Serves an engine over TLS on 127.0.0.1 until its standard input ends: `serve.js ENGINE KEY CERT`.
// It says its port when it listens, and how many requests it passed on at the end.
'use strict'

const { spawn } = require('child_process')
const fs = require('fs')
const http = require('http')
const https = require('https')

// Each calls `ready` with its plaintext port on loopback, once it listens there.
const engines = {
  dynalite(ready) {
    const server = require('dynalite')({ createTableMs: 0 })
    server.listen(0, '127.0.0.1', () => ready(server.address().port))
  },

  // It verifies signatures by the one key pair in its environment, `AWS_ACCESS_KEY_ID` and
  // `AWS_SECRET_ACCESS_KEY`.
  extenddb(ready) {
    const engine = spawn(extenddb(), ['serve', '--foreground', '--port', '0', '--config', '/dev/null'], {
      env: { ...process.env, EXTENDDB__STORAGE__SQLITE__PATH: ':memory:' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    process.on('exit', () => engine.kill('SIGKILL'))
    engine.on('exit', () => process.exit(1))
    let log = ''
    engine.stderr.on('data', text => {
      process.stderr.write(text)
      const port = (log += text).match(/listening on 127\.0\.0\.1:(\d+)/)
      if (port) {
        log = ''
        ready(Number(port[1]))
      }
    })
  },
}

function extenddb() {
  try {
    return require.resolve(`@extenddb/${process.platform}-${process.arch}/extenddb`)
  } catch {
    console.error(`npm has no ExtendDB for ${process.platform} on ${process.arch}`)
    process.exit(1)
  }
}

const [engine, key, cert] = process.argv.slice(2)
let requests = 0

engines[engine](port => {
  const agent = new http.Agent({ keepAlive: true })
  const front = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (request, response) => {
    requests++
    const { method, url: path, headers } = request
    const forwarded = http.request({ host: '127.0.0.1', port, agent, method, path, headers }, answer => {
      response.writeHead(answer.statusCode, answer.rawHeaders)
      answer.pipe(response)
    })
    forwarded.on('error', error => {
      console.error(error)
      response.destroy()
    })
    request.pipe(forwarded)
  })
  front.listen(0, '127.0.0.1', () => console.log(`port ${front.address().port}`))
})

process.on('SIGTERM', () => process.exit(1))
process.stdin.resume()
process.stdin.on('end', () => {
  console.log(`requests ${requests}`)
  process.exit(0)
})
