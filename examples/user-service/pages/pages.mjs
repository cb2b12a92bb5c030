// Opens the service's pages in Chromium as a person would: light and dark, on a desktop and on a phone,
// by keyboard. `pages.mjs URL TOKEN_FILE PICTURES` fails at the first thing that is not as it should be.
// It expects CHROMIUM, the program, and LEAF, the base64 SHA-256 of the public key of the service's
// certificate, which is the only one that it lets pass without an authority.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import puppeteer from 'puppeteer-core'

const [url, tokenFile, pictures] = process.argv.slice(2)
const token = fs.readFileSync(tokenFile, 'utf8').trim()
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const origin = new URL(url).origin

const screens = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
}

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'pages-'))
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM,
  userDataDir: profile,
  args: [
    // The sandbox needs what root in a container has not; only our own pages are opened.
    '--no-sandbox',
    '--disable-dev-shm-usage',
    // Whatever the browser itself would ask goes nowhere; loopback needs no proxy.
    '--proxy-server=http://127.0.0.1:9',
    `--ignore-certificate-errors-spki-list=${process.env.LEAF}`,
  ],
})

// A page that keeps a record of what it asked for and what it was refused.
async function open(place, scheme, screen) {
  const page = await browser.newPage()
  const record = { requests: [], refused: [] }
  page.on('request', request => record.requests.push(request.url()))
  page.on('pageerror', error => record.refused.push(`error: ${error}`))
  page.on('console', message => {
    if (['error', 'warn', 'warning'].includes(message.type())) record.refused.push(`console: ${message.text()}`)
  })
  await page.exposeFunction('violated', what => record.refused.push(`policy: ${what}`))
  await page.evaluateOnNewDocument(() =>
    addEventListener('securitypolicyviolation', event =>
      window.violated(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`)))
  await page.setViewport(screens[screen])
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
  const response = await page.goto(url + place, { waitUntil: 'networkidle0' })
  assert.equal(response.status(), 200)
  return { page, record, name: `${place.replaceAll('/', ' ').trim().replaceAll(' ', '-')}-${scheme}-${screen}` }
}

async function close({ page, record, name }) {
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true })
  const [asked, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.equal(seen, page.viewport().width, `${name} is laid out for another screen`)
  assert(asked <= seen, `${name} is ${asked} wide on a screen of ${seen}`)
  assert(record.requests.length > 0)
  for (const request of record.requests) {
    const inside = request.startsWith('data:') || new URL(request).origin === origin
    assert(inside, `${name} asked for ${request}`)
  }
  assert.deepEqual(record.refused, [], name)
  await page.close()
}

const focused = page => page.evaluate(() => {
  const { tagName, id, textContent } = document.activeElement
  return `${tagName} ${id} ${textContent.slice(0, 40)}`.trim()
})

async function tabTo(page, wanted) {
  for (let tabs = 0; tabs < 40; tabs++) {
    if (wanted.test(await focused(page))) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`no Tab leads to ${wanted}`)
}

// What axe finds: contrast, names, roles, landmarks.
async function accessible({ page, name }) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run())
  const violations = found.violations.map(it => `${it.id}: ${it.nodes.map(node => node.target).join(', ')}`)
  assert.deepEqual(violations, [], name)
}

async function docs(scheme, screen) {
  const opened = await open('/docs/', scheme, screen)
  const { page } = opened
  await page.waitForSelector('.opblock')
  assert.equal((await page.$$('.opblock')).length, 10)
  // By keyboard: to an operation, open it, and send it.
  await tabTo(page, /^BUTTON .*\/healthz/)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.opblock.is-open .execute')
  await tabTo(page, /^BUTTON .*Execute/)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.opblock.is-open .live-responses-table')
  const answer = await page.$eval('.opblock.is-open .live-responses-table', it => it.textContent)
  assert.match(answer, /200/)
  await close(opened)
}

async function security(scheme, screen) {
  const opened = await open('/security/page', scheme, screen)
  const { page } = opened
  await accessible(opened)
  await tabTo(page, /^INPUT token/)
  await page.keyboard.type(token)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.getElementById('state').textContent.startsWith('As of'))
  const text = await page.$eval('main', it => it.innerText)
  for (const part of ['Servers that answered last', 'Trusted roots', 'TLSv1', 'Callers refused']) {
    assert(text.includes(part), `${opened.name} does not show ${part}`)
  }
  assert(!text.includes('[object') && !text.includes('undefined'), text)
  // Each table can be scrolled by keyboard, and one sees where the focus is.
  await tabTo(page, /^DIV/)
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)
  assert.notEqual(outline, 'none')
  await accessible(opened)
  await close(opened)
}

async function refusal() {
  const opened = await open('/security/page', 'light', 'phone')
  const { page, record } = opened
  await tabTo(page, /^INPUT token/)
  await page.keyboard.type('no-token')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#state.alarm')
  assert.match(await page.$eval('#state', it => it.textContent), /invalid-token/)
  // The browser's own word on a 401.
  record.refused = record.refused.filter(it => !it.includes('status of 401'))
  await close({ ...opened, name: 'security-page-refused' })
}

try {
  for (const scheme of ['light', 'dark']) {
    for (const screen of ['desktop', 'phone']) {
      await docs(scheme, screen)
      await security(scheme, screen)
    }
  }
  await refusal()
} finally {
  await browser.close()
  fs.rmSync(profile, { recursive: true, force: true })
}
console.log(`the pages ask nobody but ${origin}, and break no rule of their own; pictures: ${pictures}`)
