// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {TokenHolder} from "./TokenHolder.sol";

/// @title A contract that takes the grid's token by permit
/// @notice With `multicall`, a permit and what it is for are one transaction.
abstract contract PermitHolder is TokenHolder, Multicall {
    /// @notice Uses the caller's permit (EIP-2612) for this contract. A permit that somebody else has used already, as anyone
    /// may, does no harm: the allowance that it gave is there.
    /// @param amount The allowance.
    /// @param deadline Until when the permit is good, Unix seconds.
    /// @param v Of its signature, as `r` and `s`.
    function selfPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        if (token.allowance(msg.sender, address(this)) < amount) {
            IERC20Permit(address(token)).permit(msg.sender, address(this), amount, deadline, v, r, s);
        }
    }
}
