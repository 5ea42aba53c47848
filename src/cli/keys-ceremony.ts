/** What two people do when keys are made or changed, as it is printed and read aloud. */

const BEFORE = `Two people with different functions, at one terminal of the node. One types (A), the
other watches, compares and holds the paper (B). Nobody is alone with an unlocked key.
`
const AFTER = `A and B sign the paper: date, act, fingerprints. No passphrase and no private part is
written on it. The record in the key folder goes into the log at the next start.
`

export const CEREMONY: Readonly<Record<string, string>> = {
  init: `${BEFORE}
 1  B reads aloud the node id and the key store from the configuration; A agrees.
 2  Sealed files: B chooses the passphrase (six random words or more), seals it in an
    envelope for the safe, and stores it as the systemd credential. A does not see it.
 3  A: comity keys init --config FILE --present FUNCTION --present FUNCTION
 4  A reads each fingerprint aloud in groups of four; B repeats it and writes it down.
 5  B calls each peer by a number that both knew before, and reads the fingerprints of the
    message key and of the log and witness keys. The peer reads them back.
 6  A makes a backup of the keys (comity backup --keys) that B takes to another place.

${AFTER}`,
  rotate: `${BEFORE}
 1  A: comity keys list --config FILE; B compares the fingerprints with the last paper.
 2  A: comity keys rotate message|encryption|witness|column --config FILE \\
       --present FUNCTION --present FUNCTION
 3  A reads the new fingerprint aloud in groups of four; B repeats it and writes it down.
 4  A starts the node again: it publishes both keys, and goes on with the old one.
 5  Peers take the new document by themselves. B calls each: their comity doctor says
    "renewed by itself", and its fingerprint is the one that comity peer fingerprint
    node.json prints here. Witness keys: peers pin by hand, and every policy that names
    the old key needs the new line as well.
 6  At the date that was printed the running node uses the new key: successor-key-in-use.
 7  Column key: the node moves what is sealed after its start. When it reports
    columns-resealed: comity keys retire.

${AFTER}`,
  log: `${BEFORE}
 1  Planned, or is the log key in other hands? If so, B first calls every witness and peer by
    a number that both knew before: from now on nothing counts that this key signs.
 2  B makes sure that the witnesses answer: the log is closed where they last saw it, and
    only if a quorum of them answers.
 3  A: comity keys log --reason planned|compromised --config FILE \\
       --present FUNCTION --present FUNCTION
    A reads the fingerprint of the key that ends; B compares it with the last paper.
 4  A starts the node again. The line log-changed names the log that follows; with
    log-change-waits it goes on with the old one: see to the witnesses, start again.
 5  B looks at comity doctor: the witnesses cosign the new log. Peers take the notice and the
    node document by themselves; B reads the new fingerprint by telephone.
 6  Everyone whose policy names the old log keeps that line for old receipts; followers are
    added by the notice. Whoever keeps a policy by hand adds the line that
    /ledger/policy.txt shows. The old log stays readable at /ledger/1/.
 7  Compromised: B asks the witnesses for what they cosigned of the old log and compares it
    with /ledger/1/checkpoint. What is beyond it was not signed by this node.

${AFTER}`,
  revoke: `${BEFORE}
 1  Message key: is there another one that counts now? If not, first:
    comity keys rotate message --from now --config FILE --present … --present …
    Start the node and wait until peers have it: the old key must sign the new one.
 2  A: comity keys revoke KEY --reason compromised --config FILE --present … --present …
 3  A starts the node again. Its node document, signed by the other key, says so from now on,
    and peers that know that key take the notice by themselves.
 4  B calls every peer at once by a number that both knew before, says which key no longer
    counts and from when, and reads the fingerprint of the one that does. A successor that
    a peer has not taken must be pinned by two people on each side.
 5  Look at what was signed in the time in question: the channel with each peer, the log.

${AFTER}`,
  retire: `${BEFORE}
 1  B makes sure that a backup which still needs the old key is kept together with that key,
    or is destroyed: without it the backup opens no more.
 2  A: comity keys retire --config FILE --present FUNCTION --present FUNCTION
 3  What it destroys in files may survive on disks and in backups: B destroys those copies.

${AFTER}`,
}
