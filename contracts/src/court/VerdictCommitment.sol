// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A validator's signed promise of a verdict in an audit, which it reveals later (EIP-712).
/// @param audit Audit id.
/// @param validator Who signs.
/// @param commitment Hash of the reveal: `keccak256(abi.encode(audit, validator, verdict, numbersHash, salt))`.
/// @param revealBy Until when it must reveal, Unix seconds.
struct VerdictCommitment {
    bytes32 audit;
    address validator;
    bytes32 commitment;
    uint64 revealBy;
}
