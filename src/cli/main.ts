/** `comity …`: finds the command, runs it, ends with its exit code. */
import { plainText } from '../wire/package/plain-text.ts'

const USAGE = `usage: comity COMMAND
  init      set up a node: keys, configuration, policy         (comity init --help)
  serve     run a node                                         (comity serve --help)
  doctor    what is wrong with a node, and how to mend it      (comity doctor --help)
  document  write the node's own document anew, after a change (comity document --help)
  peer      pin the node of another authority                  (comity peer --help)
  start     three nodes and the story, on this machine         (comity start --help)
  reset     remove what start made                             (comity reset --help)
  demo      the story on any report, in a world of its own    (comity demo --help)
  verify    check a package, a receipt or a whole log, offline (comity verify --help)
  monitor   follow logs: two histories, rollback, age          (comity monitor --help)
  eval      answer questions, one JSON line each               (comity eval --help)
  conformance  drive a node through the specification     (comity conformance --help)
  import    records of other systems, shown or admitted            (comity import --help)
  law       what the law packs say: due, sanctions, gaps, …      (comity law --help)
  agreement what is wrong with an agreement, what a version changes (comity agreement --help)
  backup    write a backup of a node, or check one               (comity backup --help)
  keys      list, change and revoke the node's keys            (comity keys --help)
  openpgp   the key that signs published advisories            (comity openpgp --help)
  export-log  a node's logs for anyone to keep and check       (comity export-log --help)
  restore   bring a node back from a backup                    (comity restore --help)
  rebuild   derive a node's lists from its streams again       (comity rebuild --help)
`

const LINE_LENGTH_MAX = 2000

/** Loaded when asked for: nobody waits for a web server to check a receipt. */
const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  init: async (args) => (await import('./init/init.ts')).initCommand(args),
  serve: async (args) => (await import('./serve.ts')).serveCommand(args),
  doctor: async (args) => (await import('./doctor.ts')).doctorCommand(args),
  document: async (args) => (await import('./document.ts')).documentCommand(args),
  peer: async (args) => (await import('./peer.ts')).peerCommand(args),
  start: async (args) => (await import('./start.ts')).startCommand(args),
  reset: async (args) => (await import('./reset.ts')).resetCommand(args),
  demo: async (args) => (await import('./demo.ts')).demoCommand(args),
  verify: async (args) => (await import('./verify.ts')).verifyCommand([...args]),
  monitor: async (args) => (await import('./monitor/monitor.ts')).monitorCommand(args),
  eval: async (args) => (await import('./eval/eval.ts')).evalCommand(args),
  conformance: async (args) =>
    (await import('./conformance/conformance.ts')).conformanceCommand(args),
  import: async (args) => (await import('./import.ts')).importCommand(args),
  law: async (args) => (await import('./law/law.ts')).lawCommand(args),
  agreement: async (args) => (await import('./agreement/agreement.ts')).agreementCommand(args),
  backup: async (args) => (await import('./backup.ts')).backupCommand(args),
  keys: async (args) => (await import('./keys.ts')).keysCommand(args),
  openpgp: async (args) => (await import('./openpgp.ts')).openpgpCommand(args),
  'export-log': async (args) => (await import('./export-log.ts')).exportLogCommand(args),
  restore: async (args) => (await import('./restore.ts')).restoreCommand(args),
  rebuild: async (args) => (await import('./rebuild.ts')).rebuildCommand(args),
}

const [name = 'help', ...args] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (!command) {
  process.stderr.write(USAGE)
  process.exit(name === 'help' || name === '--help' ? 0 : 2)
}
// A command ends by answering, never because nothing happened to be going on.
const awake = setInterval(() => {}, 2 ** 30)
try {
  process.exitCode = await command(args)
} catch (error) {
  const { message } = error as Error
  // Names from outside stand in it; line breaks are our own, as in a usage.
  const lines = message.split('\n').map((line) => plainText(line, LINE_LENGTH_MAX))
  process.stderr.write(`comity ${name}: ${lines.join('\n')}\n`)
  process.exitCode = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}
clearInterval(awake)
// Children and pools that a failed start left behind must not keep the process.
if (process.exitCode !== 0) process.exit()
