// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a node does in the grid. An account has one role for life, so that nobody audits itself under one key.
enum NodeRole {
    None,
    Miner,
    Validator
}
