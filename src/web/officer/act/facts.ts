/** The facts that law packs ask for, each as a question with its possible answers. Pure. */
import type { Condition, Facts } from '../../../core/law/condition.ts'
import type { Instrument, LawPack } from '../../../core/law/pack.ts'
import type { Choice, FieldKind, FormHints } from '../../form/field-spec.ts'
import type { RawValues } from '../../form/form-model.ts'

const YES_NO: readonly Choice[] = [
  { value: 'true', key: 'choice.yes' },
  { value: 'false', key: 'choice.no' },
]
/** Answers a question about a word that no pack needs: none of those that are named. */
const NONE_OF_THEM: Choice = { value: 'none', key: 'choice.none' }

type Asked = { readonly kind: FieldKind; readonly choices: readonly Choice[] }

/**
 * @param packs all that are in use: their places can be answered
 * @param asking those whose questions are asked; facts that are recorded stand too
 */
export function factHints(
  packs: readonly LawPack[],
  asking: readonly LawPack[],
  recorded: Facts,
): FormHints {
  const questions = Object.assign({}, ...packs.map((pack) => pack.questions)) as Questions
  const leaves = leavesIn(packs)
  const places = placesOf(packs, asking)
  const asked = new Set([...leavesIn(asking).map(({ fact }) => fact), ...askedByMany(packs)])
  const isPlace = (name: string) => leaves.some((leaf) => leaf.fact === name && 'here' in leaf)
  const names = [...new Set(leaves.map(({ fact }) => fact))].filter(
    (name) => questions[name] && (asked.has(name) || isPlace(name) || name in recorded),
  )
  const fields = names.map((name) => [name, askedFor(name, leaves, places)] as const)
  return {
    openRecords: ['facts'],
    records: { facts: Object.fromEntries(fields.map(([name, { choices }]) => [name, choices])) },
    widgets: Object.fromEntries(fields.map(([name, { kind }]) => [`facts.${name}`, kind])),
    labels: Object.fromEntries(names.map((name) => [`facts.${name}`, questions[name] ?? name])),
  }
}

/** Legal orders that packs look for in facts, with the members of those that ask, as codes. */
function placesOf(packs: readonly LawPack[], asking: readonly LawPack[]): readonly Choice[] {
  const looking = packs.filter((pack) => leavesIn([pack]).some((leaf) => 'here' in leaf))
  const codes = looking.flatMap((pack) => [
    pack.legalOrder,
    ...(asking.includes(pack) ? pack.members : []),
  ])
  return [...new Set(codes)].map(plain)
}

/** What more than one pack asks can be answered before any place is recorded. */
function askedByMany(packs: readonly LawPack[]): readonly string[] {
  const ofEach = packs.map((pack) => new Set(leavesIn([pack]).map(({ fact }) => fact)))
  const all = ofEach.flatMap((facts) => [...facts])
  return all.filter((fact, n) => all.indexOf(fact) < n)
}

function leavesIn(packs: readonly LawPack[]): readonly Leaf[] {
  return packs.flatMap(({ instruments }) => instruments.flatMap(conditionsOf)).flatMap(leavesOf)
}

/** What is recorded already, in the form's own terms. */
export function factValues(facts: Facts): RawValues {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      `facts.${name}`,
      typeof value === 'object' ? [...value] : String(value),
    ]),
  )
}

type Questions = Readonly<Record<string, string>>
type Leaf = Exclude<
  Condition,
  { readonly all: unknown } | { readonly any: unknown } | { readonly not: unknown }
>

const plain = (value: string): Choice => ({ value, text: value, lang: 'en' })

function askedFor(name: string, leaves: readonly Leaf[], places: readonly Choice[]): Asked {
  const own = leaves.filter(({ fact }) => fact === name)
  if (own.some((leaf) => 'here' in leaf)) return { kind: 'checkboxes', choices: places }
  const held = own.flatMap((leaf) => ('has' in leaf ? [leaf.has] : []))
  if (held.length > 0) return { kind: 'checkboxes', choices: [...new Set(held)].map(plain) }
  const values = own.flatMap((leaf) => ('is' in leaf ? [leaf.is] : []))
  if (values.every((value) => typeof value === 'boolean'))
    return { kind: 'select', choices: YES_NO }
  const words = [...new Set(values.map(String))].map(plain)
  return { kind: 'select', choices: [...words, NONE_OF_THEM] }
}

function conditionsOf({ competence, clocks, sanctions, fining }: Instrument): Condition[] {
  const rules = competence.map(({ when }) => when)
  const ofClocks = clocks.flatMap(({ trigger, variants, applies }) => [
    trigger?.when ?? null,
    ...variants.map(({ when }) => when),
    applies.provisionFrom?.when ?? null,
    ...applies.scopeFrom.map(({ when }) => when),
  ])
  const ofFines = [
    ...sanctions.flatMap(({ when, percentWhen }) => [when, percentWhen]),
    ...(fining?.bars ?? []).map(({ when }) => when),
  ]
  return [...rules, ...ofClocks, ...ofFines].filter((condition) => condition !== null)
}

function leavesOf(condition: Condition): Leaf[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  if ('not' in condition) return leavesOf(condition.not)
  return [condition]
}
