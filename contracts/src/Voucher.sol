// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a payer owes a collector in all, signed for it. Each new one of a session replaces the last.
/// @param payer Whose deposit pays.
/// @param collector The front that it is for.
/// @param session The key that signs: one that the payer has authorised for this collector, or the payer's own.
/// @param cumulative All that was ever owed in this session, in the token's smallest unit.
/// @param expiry Until when it can be collected, Unix seconds.
/// @param receiptsHash Hash of the receipts that it pays for.
struct Voucher {
    address payer;
    address collector;
    address session;
    uint256 cumulative;
    uint64 expiry;
    bytes32 receiptsHash;
}
