// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What a `PaymentEscrow` is deployed with.
/// @param token The grid's token.
/// @param pool Who gets what is neither burned nor the collector's: the `EpochRewards`.
/// @param thawPeriod From asking for a deposit back to getting it, in seconds, and how long a revoked session still pays.
/// @param burnShare What of each payment is burned, in basis points.
/// @param collectorShare What of each payment is the collector's, in basis points.
struct EscrowParameters {
    IERC20 token;
    address pool;
    uint64 thawPeriod;
    uint16 burnShare;
    uint16 collectorShare;
}
