// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeRole} from "../NodeRole.sol";

/// @title What the other contracts ask of the registry of stakes
/// @notice Stakes are in the token's smallest unit; times are Unix seconds.
interface INodeRegistry {
    /// @notice How long an epoch is, in seconds; epoch `e` ends at `(e + 1) * epochLength`.
    function epochLength() external view returns (uint64);

    /// @notice The role that `account` registered with, or `None`.
    function roleOf(address account) external view returns (NodeRole);

    /// @notice Stake of `account` that counts now: neither unbonding nor withdrawn nor slashed.
    function activeStakeOf(address account) external view returns (uint256);

    /// @notice Everything of `account` that a slash reaches: active, unbonding and matured but not yet withdrawn.
    function slashableStakeOf(address account) external view returns (uint256);

    /// @notice Stake with which `validator` votes on what was opened at `timepoint`: the less of what was active at that past
    /// second and what is active now, so that stake bought later adds no vote and stake that left or was slashed keeps none.
    function votingStakeOf(address validator, uint256 timepoint) external view returns (uint256);

    /// @notice Active stake of all validators at the past second `timepoint`.
    function totalValidatorStakeAt(uint256 timepoint) external view returns (uint256);

    /// @notice How many validators are active, which are `validatorAt(0 … validatorCount() - 1)` in no fixed order.
    function validatorCount() external view returns (uint256);

    function validatorAt(uint256 index) external view returns (address);

    /// @notice Keeps `account`'s stake from being withdrawn while a case against it is open. Only the court; cases nest.
    function hold(address account) external;

    /// @notice Ends one `hold`. Only the court.
    function release(address account) external;

    /// @notice Takes up to `amount` of `account`'s stake, unbonding first, and sends it to the court.
    /// @return taken What was taken: the less of `amount` and `slashableStakeOf(account)`. Only the court.
    function slash(address account, uint256 amount) external returns (uint256 taken);
}
