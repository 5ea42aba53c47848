/**
 * What one `.ts` file imports, exports and uses, read from its syntax tree.
 *
 * It parses the file for real (`@babel/parser`), so comments and strings do not
 * confuse it. It does not resolve names: a clock that is handed on under another
 * name is not seen, nor a module that is started by its path, as a worker is. The
 * type check without Node and DOM types is the second net.
 */
import { parse } from '@babel/parser'

export type Fact = {
  readonly kind:
    | 'import'
    | 'computed-import'
    | 'default-export'
    | 'export-all'
    | 'enum'
    | 'bit-operator'
    | 'clock'
    | 'send'
    | 'message'
  /** The imported path, or the text of what was found. */
  readonly what: string
  readonly line: number
}

type Node = { readonly type: string; readonly [key: string]: unknown }

/** @throws SyntaxError if the text is not TypeScript */
export function moduleFacts(text: string, file: string): Fact[] {
  const dts = file.endsWith('.d.ts')
  const tree = parse(text, {
    sourceType: 'module',
    plugins: [['typescript', { dts }], 'importAttributes'],
    createImportExpressions: true,
    // Names that a type file takes from elsewhere; the type checker knows them.
    allowUndeclaredExports: true,
  })
  const facts: Fact[] = []
  visit(tree.program as unknown as Node, (node) => {
    for (const [kind, what] of factsOf(node)) facts.push({ kind, what, line: lineOf(node) })
  })
  return facts
}

type Found = readonly [kind: Fact['kind'], what: string]

function factsOf(node: Node): Found[] {
  const looks = [importsOf, exportsOf, bitOperatorsOf, clocksOf, sendsOf]
  return looks.flatMap((look) => look(node))
}

function importsOf(node: Node): Found[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node['source'] ? [imported(node['source'])] : []
    case 'TSImportType':
      return [imported(node['argument'])]
    case 'TSExternalModuleReference':
      return [imported(node['expression'])]
    case 'CallExpression':
      return isLoader(node['callee'] as Node)
        ? [imported((node['arguments'] as readonly unknown[])[0])]
        : []
    default:
      return []
  }
}

/** `require`, `require.resolve`, `import.meta.resolve`, `createRequire(…)`'s result. */
function isLoader(callee: Node): boolean {
  const { type } = callee
  if (type === 'Identifier') return callee['name'] === 'require'
  if (type === 'CallExpression') return nameOf(callee['callee']) === 'createRequire'
  if (type !== 'MemberExpression' || memberOf(callee) !== 'resolve') return false
  const object = callee['object'] as Node
  return object.type === 'MetaProperty' || isLoader(object)
}

function imported(source: unknown): Found {
  const node = source as Node | undefined
  if (node?.type === 'StringLiteral') return ['import', String(node['value'])]
  if (node?.type === 'TSLiteralType') return imported(node['literal'])
  return ['computed-import', node?.type ?? 'nothing']
}

function exportsOf(node: Node): Found[] {
  switch (node.type) {
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      return [['default-export', 'export default']]
    case 'ExportSpecifier':
      return nameOf(node['exported']) === 'default' ? [['default-export', 'export default']] : []
    case 'ExportAllDeclaration':
    case 'ExportNamespaceSpecifier':
      return [['export-all', 'export *']]
    case 'TSEnumDeclaration':
      return [['enum', `enum ${nameOf(node['id']) ?? ''}`]]
    default:
      return []
  }
}

const BIT_OPERATORS = new Set(['&', '|', '^', '~', '<<', '>>', '>>>'])
const OPERATOR_NODES = new Set(['BinaryExpression', 'AssignmentExpression', 'UnaryExpression'])

function bitOperatorsOf(node: Node): Found[] {
  if (!OPERATOR_NODES.has(node.type)) return []
  const operator = String(node['operator'])
  const isBit =
    BIT_OPERATORS.has(operator) ||
    (node.type === 'AssignmentExpression' && BIT_OPERATORS.has(operator.replace(/=$/, '')))
  return isBit ? [['bit-operator', operator]] : []
}

/** Global object, then the members that read a clock or draw a random number. */
const CLOCK_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Date', ['now']],
  ['Math', ['random']],
  ['performance', ['now', 'timeOrigin']],
  ['Temporal', ['Now']],
])

function clocksOf(node: Node): Found[] {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const object = globalName(node['object'])
      return clockMember(object, memberOf(node))
    }
    case 'VariableDeclarator':
      return destructured(node['id'] as Node, globalName(node['init']))
    case 'NewExpression':
      return globalName(node['callee']) === 'Date' && isEmpty(node['arguments'])
        ? [['clock', 'new Date()']]
        : []
    case 'CallExpression':
      return globalName(node['callee']) === 'Date' ? [['clock', 'Date()']] : []
    default:
      return []
  }
}

function clockMember(object: string | undefined, member: string | undefined): Found[] {
  if (object === undefined || member === undefined) return []
  const isClock = CLOCK_MEMBERS.get(object)?.includes(member) === true
  return isClock ? [['clock', `${object}.${member}`]] : []
}

/** `const { now } = Date` */
function destructured(pattern: Node, object: string | undefined): Found[] {
  if (object === undefined || pattern.type !== 'ObjectPattern') return []
  return (pattern['properties'] as readonly Node[]).flatMap((property) =>
    clockMember(object, nameOf(property['key'])),
  )
}

/** The name of a global, with or without `globalThis.` before it. */
function globalName(value: unknown): string | undefined {
  const node = value as Node | null | undefined
  if (node?.type === 'MemberExpression' && nameOf(node['object']) === 'globalThis') {
    return memberOf(node)
  }
  return node?.type === 'Identifier' ? nameOf(node) : undefined
}

const MEMBERS = new Set(['MemberExpression', 'OptionalMemberExpression'])
const CALLS = new Set(['CallExpression', 'OptionalCallExpression'])

/**
 * Whoever takes hold of a `send`, called or not: `send` with whose it is. Of a call, the
 * type of its message: `message`, and `*` where the type is not written out.
 */
function sendsOf(node: Node): Found[] {
  if (node.type === 'ObjectPattern') {
    const keys = (node['properties'] as readonly Node[]).map((property) => nameOf(property['key']))
    return keys.includes('send') ? [['send', 'a pattern']] : []
  }
  if (MEMBERS.has(node.type)) {
    if (memberOf(node) !== 'send') return []
    const object = node['object'] as Node
    return [['send', (MEMBERS.has(object.type) ? memberOf(object) : nameOf(object)) ?? object.type]]
  }
  const callee = node['callee'] as Node | undefined
  const isCall = CALLS.has(node.type) && callee !== undefined && MEMBERS.has(callee.type)
  if (!isCall || memberOf(callee) !== 'send') return []
  return [['message', typeMember((node['arguments'] as readonly Node[])[0])]]
}

function typeMember(argument: Node | undefined): string {
  if (argument?.type !== 'ObjectExpression') return '*'
  const properties = argument['properties'] as readonly Node[]
  const type = properties.find((property) => nameOf(property['key']) === 'type')?.['value']
  const value = type as Node | undefined
  return value?.type === 'StringLiteral' ? String(value['value']) : '*'
}

function memberOf(node: Node): string | undefined {
  const property = node['property'] as Node
  return node['computed'] === true && property.type !== 'StringLiteral'
    ? undefined
    : nameOf(property)
}

function nameOf(value: unknown): string | undefined {
  const node = value as Node | null | undefined
  if (node?.type === 'Identifier') return String(node['name'])
  return node?.type === 'StringLiteral' ? String(node['value']) : undefined
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function lineOf(node: Node): number {
  return (node['loc'] as { start: { line: number } } | undefined)?.start.line ?? 0
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, see)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
