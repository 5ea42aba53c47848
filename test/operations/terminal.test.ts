/** Passphrases at a real terminal: nothing that is typed is shown, and what is wrong is said. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { comity, setUpNode } from '../support/real-node.ts'
import { atTerminal, NO_TERMINAL, type Turn } from '../support/terminal.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
const PASSPHRASE = 'örtlich-sieben-Kessel-drüben'
const WRONG = 'quince-harbour-meadow-lantern'
const PRESENT = ['--present', 'administrator', '--present', 'oversight']
const ENTER = '\r'
const skip = NO_TERMINAL

const node = await setUpNode('terminal.example')
const keys = join(node.folder, 'keys')
writeFileSync(
  node.config,
  `${readFileSync(node.config, 'utf8')}\nkeys: { store: sealedFiles, passphrase: { prompt: true } }\n`,
)

const type = (...answers: readonly string[]): Turn[] =>
  answers.map((types) => ({ sees: /passphrase of the node’s keys( again)?: $/, types }))

/** No word of what was typed may be on the screen. */
async function talk(args: readonly string[], turns: readonly Turn[]) {
  const command = [process.execPath, MAIN, ...args, '--config', node.config]
  const done = await atTerminal(command, turns)
  for (const word of [PASSPHRASE, WRONG].flatMap((one) => one.split('-'))) {
    assert.ok(!done.screen.includes(word), `${word} is shown: ${done.screen}`)
  }
  assert.equal(done.left, 0, done.screen)
  return done
}

test('init at a terminal asks a person, and again until the answer fits', { skip }, async () => {
  const folder = join(dirname(node.folder), 'asked')
  const answers = ['Nobody', 'asked.example', 'Asked', 'EU', 'Mars/Olympus', '', 'training']
  const rest = ['', '', '', '', '', 'Ombudsperson', 'Street 1']
  const turns = [...answers, ...rest].map((types) => ({ sees: /[:?\]>] ?$/, types: `${types}\n` }))
  const { code, screen } = await atTerminal([process.execPath, MAIN, 'init', folder], turns)
  assert.equal(code, 0, screen)
  assert.match(screen, /a domain name/)
  assert.ok(existsSync(join(folder, 'comity.yaml')))
})

test('a new passphrase is asked for twice; a slip of the hand or a weak one changes nothing', {
  skip,
}, async () => {
  const before = readdirSync(keys).sort()
  const seal = ['keys', 'seal', ...PRESENT]
  const slip = await talk(seal, type(PASSPHRASE + ENTER, WRONG + ENTER))
  assert.equal(slip.code, 1)
  assert.match(slip.screen, /not the same: nothing was changed/)
  const weak = await talk(seal, type(`x${ENTER}`, `x${ENTER}`))
  assert.equal(weak.code, 1)
  assert.match(weak.screen, /16 characters or more/)
  const broken = await talk(seal, type('\u0003'))
  assert.equal(broken.code, 1)
  assert.match(broken.screen, /broken off/)
  assert.deepEqual(readdirSync(keys).sort(), before)

  // With what a hand does: a wrong letter taken back, a line begun anew.
  const typed = `${WRONG}\u0015${PASSPHRASE}x\u007f${ENTER}`
  const sealed = await talk(seal, type(typed, PASSPHRASE + ENTER))
  assert.equal(sealed.code, 0, sealed.screen)
  assert.ok(readdirSync(keys).includes('message.pem.age'))
  assert.ok(!readdirSync(keys).includes('message.pem'))
})

test('a wrong passphrase opens nothing and says what to do; without a terminal nobody is asked', {
  skip,
}, async () => {
  for (const args of [['keys', 'list'], ['serve']]) {
    const { code, screen } = await talk(args, type(WRONG + ENTER))
    assert.equal(code, 1)
    assert.match(screen, /does not open \S+\.age: type it again, or the file is of another node/)
    assert.doesNotMatch(screen, /at .*\.ts/)
  }
  const { code, err } = await comity(['keys', 'list', '--config', node.config])
  assert.equal(code, 1)
  assert.match(err, /there is no terminal; use a file or a systemd credential/)
})

test('serve asks, shows the setup code to the person, and Ctrl-C stops it', { skip }, async () => {
  const stop = {
    sees: /and type ([0-9A-Z]{4}-){5}[0-9A-Z]{4}(.|\n)*terminal\.example \(training\) serves(.|\n)*federation.*\n/,
    types: '\u0003',
  }
  const { code, screen } = await talk(['serve'], [...type(PASSPHRASE + ENTER), stop])
  assert.equal(code, 0, screen)
  assert.ok(!existsSync(join(node.folder, 'setup-code.txt')), 'who has a terminal needs no file')
})

test('a command asks once, however often it opens the keys', { skip }, async () => {
  const rotated = await talk(['keys', 'rotate', 'message', ...PRESENT], type(PASSPHRASE + ENTER))
  assert.equal(rotated.code, 0, rotated.screen)
  assert.equal(rotated.screen.match(/passphrase of the node’s keys/g)?.length, 1)

  const place = dirname(node.folder)
  const file = join(place, 'passphrase')
  writeFileSync(file, 'the passphrase of the backup, not of the node\n', { mode: 0o600 })
  const out = join(place, 'backup')
  const own = ['--keys', join(place, 'keys.age'), '--passphrase-file', file]
  const backup = await talk(['backup', '--out', out, ...own], type(PASSPHRASE + ENTER))
  assert.equal(backup.code, 0, backup.screen)
  assert.equal(backup.screen.match(/passphrase of the node’s keys/g)?.length, 1)
  assert.ok(existsSync(join(place, 'keys.age')))
})
