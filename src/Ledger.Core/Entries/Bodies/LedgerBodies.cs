using Ledger.Core.Integrity;

namespace Ledger.Core.Entries;

/// <summary><c>ledger.opened</c>, always the entry at index 0.</summary>
/// <param name="Origin">The ledger's name in signed statements (C2SP: a schema-less URL, such as <c>example.org/ledger</c>).</param>
/// <param name="Created">When it was created.</param>
/// <param name="PublicKey">The Ed25519 public key of its checkpoints: 32 bytes, base64url.</param>
public sealed record LedgerOpened(string Origin, Timestamp Created, Digest PublicKey) : Body;

/// <summary><c>ledger.key.added</c>, in the reserved story: checkpoints signed with this key count from here on.</summary>
/// <param name="PublicKey">The Ed25519 public key: 32 bytes, base64url.</param>
public sealed record LedgerKeyAdded(Digest PublicKey) : Body;

/// <summary><c>ledger.key.retired</c>, in the reserved story: checkpoints larger than this entry's index are no longer signed with this key.</summary>
/// <param name="PublicKey">A key that was opened with or added.</param>
/// <param name="Reason">Why (lost, rotated, disclosed).</param>
public sealed record LedgerKeyRetired(Digest PublicKey, string Reason) : Body;
