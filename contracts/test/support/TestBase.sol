// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @notice What every test contract starts from: the cheat codes, and the contracts that an invariant test calls.
abstract contract TestBase {
    // solhint-disable-next-line func-name-mixedcase
    bool public constant IS_TEST = true;

    /// @dev The address at which Foundry answers cheat codes.
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    address[] private _targets;

    /// @notice Read by forge: the contracts whose functions an invariant test calls at random.
    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function targetContract(address target) internal {
        _targets.push(target);
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
