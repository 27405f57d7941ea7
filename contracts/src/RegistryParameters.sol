// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What a `NodeRegistry` is deployed with. Times are in seconds, amounts in the token's smallest unit.
/// @param token The grid's token.
/// @param court The one contract that may hold and slash.
/// @param minMinerStake The least that a miner stakes.
/// @param minValidatorStake The least that a validator stakes.
/// @param unbondingDelay From unstaking to withdrawing; at least `disputeWindow + challengeTime`.
/// @param disputeWindow How long after the fact a case may be opened.
/// @param challengeTime How long a case takes at most.
/// @param epochLength How long an epoch is.
/// @param maxValidators How many validators there are at most, 1 to 1024.
struct RegistryParameters {
    IERC20 token;
    address court;
    uint256 minMinerStake;
    uint256 minValidatorStake;
    uint64 unbondingDelay;
    uint64 disputeWindow;
    uint64 challengeTime;
    uint64 epochLength;
    uint32 maxValidators;
}
