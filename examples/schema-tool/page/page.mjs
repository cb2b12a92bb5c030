// Opens the drawing of tables in Chromium: `page.mjs FOLDER`, with CHROMIUM, the program. It reads
// `tables.html` there, leaves pictures and a PDF beside it, and fails at the first thing that is not as
// it should be.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const pages = createRequire(new URL('../../user-service/pages/package.json', import.meta.url))
const { default: puppeteer } = await import(pathToFileURL(pages.resolve('puppeteer-core')))
const axe = fs.readFileSync(pages.resolve('axe-core/axe.min.js'), 'utf8')

const folder = process.argv[2]
const url = pathToFileURL(path.join(folder, 'tables.html')).href
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'tables-page-'))
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  userDataDir: profile,
  // The sandbox needs what root in a container has not; only this page is opened, and nothing else
  // can be reached.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--proxy-server=http://127.0.0.1:9'],
})

async function look(width, scheme) {
  const name = `tables-${width}-${scheme}`
  const page = await browser.newPage()
  const asked = []
  const told = []
  page.on('request', request => asked.push(request.url()))
  page.on('pageerror', error => told.push(String(error)))
  page.on('console', message => told.push(message.text()))
  await page.setViewport({ width, height: 800, isMobile: width < 600, deviceScaleFactor: 2 })
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  await page.goto(url, { waitUntil: 'networkidle0' })
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true })
  const { wide, seen, text } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    seen: innerWidth,
    text: document.body.innerText,
  }))
  assert.equal(seen, width, `${name} is laid out for another screen`)
  assert(wide <= seen, `${name} is ${wide} wide on a screen of ${seen}`)
  assert(text.length > 200 && !/undefined|\[object|NaN/.test(text), text)
  assert.deepEqual(asked, [url], `${name} asked for more than itself`)
  assert.deepEqual(told, [], name)
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run())
  const violations = found.violations.map(it => `${it.id}: ${it.nodes.map(node => node.target).join(', ')}`)
  assert.deepEqual(violations, [], name)
  if (width > 600 && scheme === 'light') {
    await page.pdf({ path: path.join(folder, 'tables.pdf'), format: 'A4', printBackground: false })
  }
  await page.close()
}

try {
  for (const scheme of ['light', 'dark']) {
    for (const width of [1200, 400]) await look(width, scheme)
  }
} finally {
  await browser.close()
  fs.rmSync(profile, { recursive: true, force: true })
}
console.log(`the page asks for nothing, and fits on a desktop and on a phone; pictures: ${folder}`)
