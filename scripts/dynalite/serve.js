// Serves dynalite over TLS on 127.0.0.1 until its standard input ends: `serve.js KEY CERT CA`.
// It says its port when it listens, and how many requests it answered at the end.
'use strict'

const fs = require('fs')
const dynalite = require('dynalite')

const [key, cert, ca] = process.argv.slice(2).map(file => fs.readFileSync(file))
const server = dynalite({ ssl: true, key, cert, ca, createTableMs: 0 })

let requests = 0
server.on('request', () => requests++)
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`))

process.stdin.resume()
process.stdin.on('end', () => {
  console.log(`requests ${requests}`)
  process.exit(0)
})
