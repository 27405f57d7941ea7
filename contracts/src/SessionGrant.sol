// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A payer's leave for a key to sign vouchers in its place.
/// @param payer Who gives it.
/// @param collector The one front whose vouchers the key signs.
/// @param session The key's address.
/// @param cap The most that all its vouchers together cost, in the token's smallest unit.
/// @param expiry Until when its vouchers pay, Unix seconds.
/// @param nonce The payer's next nonce, so that a grant is used once.
struct SessionGrant {
    address payer;
    address collector;
    address session;
    uint128 cap;
    uint64 expiry;
    uint256 nonce;
}
