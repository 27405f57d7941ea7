// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A contract that takes the grid's token
/// @notice Takes exactly what was said: a token that keeps a part of each transfer is refused, since the books would promise
/// more than is there.
abstract contract TokenHolder {
    using SafeERC20 for IERC20;

    /// @notice The grid's token.
    IERC20 public immutable token;

    error ZeroAddress();
    error ZeroAmount();
    error TransferIncomplete(uint256 expected, uint256 received);

    constructor(IERC20 token_) {
        _requireAddress(address(token_));
        token = token_;
    }

    /// @dev Takes `amount` from `payer`, who has allowed it.
    function _take(address payer, uint256 amount) internal {
        if (amount == 0) {
            revert ZeroAmount();
        }
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(payer, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) {
            revert TransferIncomplete(amount, received);
        }
    }

    function _requireAddress(address account) internal pure {
        if (account == address(0)) {
            revert ZeroAddress();
        }
    }
}
