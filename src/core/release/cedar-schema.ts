/**
 * The Cedar schema of release decisions: what compiled agreements may refer to.
 * Compiled policies are validated against it in tests; requests are built to fit it.
 */
export const RELEASE_SCHEMA = `
namespace Comity {
  entity Authority { legalOrder: String };
  entity Officer { authority: Authority, roles: Set<String> };
  entity Category { personal: Bool, releasable: Bool, reviewRequired: Bool };
  action release appliesTo {
    principal: [Officer],
    resource: [Category],
    context: {
      recipient: Authority,
      purpose: String,
      legalBasis: String,
      releaseKind: String,
      emergency: Bool,
      met: Set<String>,
    },
  };
}
`
