/**
 * What each check of `comity verify` proves and what it does not, in words that can
 * be read aloud. Whoever shows a tick shows both.
 */

/** The sentence set for everything that rests on a log and its witnesses. */
export const RECEIPT_PROVES =
  'A receipt proves that these bytes were committed under this log\u2019s key before these witnesses saw that checkpoint, and that none of them saw another history.'
export const RECEIPT_DOES_NOT_PROVE =
  'It does not prove that the content is true, that a time stated inside it is right (witness times bound it), that nothing was kept outside Comity, or anything if log and a quorum of witnesses collude.'

export type CheckId =
  | 'archive'
  | 'bag'
  | 'content'
  | 'log'
  | 'anchor'
  | 'authority'
  | 'signature'
  | 'streams'
  | 'clock'
  | 'roster'
  | 'agreement'
  | 'decisions'
  | 'attestations'
  | 'exhibits'
  | 'custody'
  | 'lineage'
  | 'advisories'
  | 'channel'
  | 'cover'
  | 'opening'
  | 'erasure'
  | 'handOver'
  | 'filing'
  | 'batch'
  | 'contribution'
  | 'statement'
  | 'finding'
  | 'exportFiles'
  | 'nodeDocuments'
  | 'checkpoint'
  | 'tree'
  | 'entries'
  | 'logNotice'
  | 'logSuccession'

export type Sentences = {
  readonly title: string
  readonly proves: string
  readonly doesNotProve: string
}

export const SENTENCES: Readonly<Record<CheckId, Sentences>> = {
  archive: {
    title: 'Archive',
    proves: 'The archive is in the one canonical form: no byte of a header or a padding is free.',
    doesNotProve: 'Anybody can make a canonical archive.',
  },
  bag: {
    title: 'Manifests',
    proves: 'Every file is listed with its SHA-256 digest, and none is missing, added or changed.',
    doesNotProve: 'Anybody can make matching manifests; see the signature.',
  },
  content: {
    title: 'Form',
    proves: 'Every file has its known form, and the counts that the package states are right.',
    doesNotProve: 'It says nothing about who wrote the files.',
  },
  log: {
    title: 'Log',
    proves: RECEIPT_PROVES,
    doesNotProve: RECEIPT_DOES_NOT_PROVE,
  },
  anchor: {
    title: 'Anchor',
    proves: 'The log\u2019s key and the witnesses are those of the policy that you chose to trust.',
    doesNotProve: 'It does not prove that the policy is a good one: that is your decision.',
  },
  authority: {
    title: 'Authority stream',
    proves:
      'The keys of the node, of its officers and of its peers are those that the node has published in its own log.',
    doesNotProve: 'It does not prove which person holds an officer\u2019s key, or who runs a peer.',
  },
  signature: {
    title: 'Signature of the package',
    proves: 'The node put exactly these files together and signed them with its message key.',
    doesNotProve:
      'It does not prove that the node put in everything: later events may have been left out.',
  },
  streams: {
    title: 'Streams',
    proves:
      'Each stream has all its events from the first to the last one shown, in order; each was signed by the key of the one who acted and opens its commitment in the log.',
    doesNotProve: 'It does not prove that what an event says is true, or that no event came after.',
  },
  clock: {
    title: 'Times',
    proves:
      'The times of the events fit the hours in the log entries and the stated offset of the case clock.',
    doesNotProve: 'It does not prove the exact minute of any event.',
  },
  roster: {
    title: 'Officers and roles',
    proves:
      'Who acted was enrolled at that time with a role that the act needs, and reviewers reviewed nothing of their own.',
    doesNotProve: 'It does not prove that a person was independent in fact.',
  },
  agreement: {
    title: 'Agreement',
    proves:
      'The text is the one that every party signed with its pinned key, and it was in force whenever something was released under it.',
    doesNotProve: 'It does not prove that the agreement is lawful or was followed elsewhere.',
  },
  decisions: {
    title: 'Decisions',
    proves:
      'The case as shown follows from its events alone, every kind of event is known, and the refusals are there.',
    doesNotProve: 'It does not prove that a decision was right.',
  },
  attestations: {
    title: 'Outside signatures and time stamps',
    proves:
      'Each names a document of the package by its digest; where a time is stated, an authority under a root that you trust signed that the document was there at that time.',
    doesNotProve:
      'It does not check attached signatures, nor a stamp that is listed as not checked.',
  },
  exhibits: {
    title: 'Exhibits',
    proves: 'The sealed exhibits are byte for byte those that the events name.',
    doesNotProve: 'It does not show what is in them: they stay sealed.',
  },
  custody: {
    title: 'Chain of custody',
    proves:
      'The graph (CASE/UCO) says exactly what the events say: every act on an exhibit with who, when and what for, each hand-over with its result, the same digests.',
    doesNotProve: 'It does not show what was done to the bytes outside Comity.',
  },
  lineage: {
    title: 'Lineage',
    proves:
      'Each redacted copy derives from the sealed original: nothing in it was changed, moved or dropped unseen.',
    doesNotProve: 'It does not prove that leaving parts out was right, or what they say.',
  },
  advisories: {
    title: 'Advisories',
    proves: 'The advisories are those that the case published.',
    doesNotProve: 'It does not prove that they are still current.',
  },
  channel: {
    title: 'Messages to peers',
    proves:
      'The node signed these message headers, and the peers signed what they did with the messages.',
    doesNotProve: 'It does not prove that a peer read or kept what it was sent.',
  },
  cover: {
    title: 'Cover',
    proves: 'The cover says exactly what follows from the signed record.',
    doesNotProve: 'A cover alone, outside its package, proves nothing.',
  },
  opening: {
    title: 'Opening',
    proves: 'The log entry is a commitment to exactly this event.',
    doesNotProve: 'It does not prove that what the event says is true.',
  },
  erasure: {
    title: 'Erasure',
    proves:
      'The authority stated in its log that it erased the case of this entry, when, and under which decision.',
    doesNotProve: 'That nobody else kept a copy of the content; see what recipients answered.',
  },
  handOver: {
    title: 'Package with a sealed file',
    proves:
      'Every file of the package is the one that its manifest names; page and instructions say what the signed release says.',
    doesNotProve:
      'It does not show what is sealed, and nobody signed the manifest: open the file with age and compare its SHA-256 with the one that the release names.',
  },
  filing: {
    title: 'Accepted receipt',
    proves: 'The authority signed that it accepted a filing with this commitment.',
    doesNotProve: 'It does not prove that the filing is in the log yet, or what it says.',
  },
  batch: {
    title: 'Intake batch',
    proves: 'The commitment to the filing is a leaf of the batch that the log entry commits to.',
    doesNotProve: 'It does not show who filed, or when within the hour.',
  },
  contribution: {
    title: 'Certificate of contribution',
    proves:
      'The authority signed, with a key that is in its log, that somebody who goes by this name helped, and for what.',
    doesNotProve:
      'Who that person is: whoever shows it must show too that the name is theirs. Nor that the authority still says so.',
  },
  finding: {
    title: 'Finding about a log',
    proves:
      'The log signed these heads. Two roots at one size, a larger head that begins with something else, or a head that the closing notice does not allow: each shows two histories.',
    doesNotProve:
      'Who was shown which history, and why. A rollback or a file that was served is the word of the monitor alone.',
  },
  statement: {
    title: 'Statement of who filed',
    proves:
      'The receipt holds the digest of this statement: whoever filed gave this name then, and the statement was not changed since.',
    doesNotProve:
      'It does not show that the name is true, that whoever shows it filed, or what was reported.',
  },
  exportFiles: {
    title: 'Files of the export',
    proves:
      'The node signed the list of these files; none is missing, added or changed. Checkpoints and tiles are not on it: the tree accounts for them.',
    doesNotProve: 'It does not prove that the export is the newest one.',
  },
  nodeDocuments: {
    title: 'Node documents',
    proves: 'The node published these documents, with its keys, in its own log.',
    doesNotProve: 'It does not prove that it published no other since, or who runs the node.',
  },
  checkpoint: {
    title: 'Checkpoint',
    proves:
      'The log signed this head, and a quorum of witnesses saw it and no other history before it.',
    doesNotProve:
      'It does not prove that it is the newest head, or anything if log and a quorum of witnesses collude.',
  },
  tree: {
    title: 'Tiles',
    proves:
      'Every hash of every level follows from the level below it, and all of them lead to the root that was signed; no file is missing or too much.',
    doesNotProve: 'It does not show what the entries commit to.',
  },
  entries: {
    title: 'Entries',
    proves:
      'Every entry was hashed again, is in the tree at its place, and has the one form of an entry: a commitment and nothing of its content.',
    doesNotProve: 'It does not show what was committed to, or that what it says is true.',
  },
  logNotice: {
    title: 'Closing notice',
    proves:
      'The node closed this log on purpose, with its message key, no earlier than where this copy ends, and named the log that follows.',
    doesNotProve: 'It does not prove that nothing was lost with the log.',
  },
  logSuccession: {
    title: 'Logs of the node',
    proves:
      'Every log but the last was closed by a notice of the node that names the next one, and entry 0 of the next one commits to that notice.',
    doesNotProve:
      'It does not prove that no log came after the last one, or that nothing was lost with a closed one.',
  },
}
