// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {TokenHolder} from "../TokenHolder.sol";

/// @title The court's money
/// @notice Payments are pulled, so that no receiver can stop a case. Invariant: the token balance of this contract is at least
/// what it owes and the bonds that it holds.
abstract contract CourtFunds is TokenHolder, ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 internal constant WHOLE = 10_000;

    /// @notice Where burned tokens go: an address without a key, since not every token can be burned.
    address public constant BURNED = 0x000000000000000000000000000000000000dEaD;

    INodeRegistry public immutable registry;

    /// @notice The most that one fault costs.
    uint256 public immutable caseCap;

    /// @notice What an account can withdraw.
    mapping(address account => uint256) public owedTo;

    /// @notice The sum of all that accounts can withdraw.
    uint256 public totalOwed;

    event Paid(address indexed account, uint256 amount);
    event Burned(uint256 amount);

    error NothingOwed(address account);
    error BadShare(uint256 share);

    constructor(IERC20 token_, INodeRegistry registry_, uint256 caseCap_) TokenHolder(token_) {
        _requireAddress(address(registry_));
        if (caseCap_ == 0) {
            revert ZeroAmount();
        }
        registry = registry_;
        caseCap = caseCap_;
    }

    /// @notice Pays the caller what it is owed.
    function withdraw() external nonReentrant {
        uint256 amount = owedTo[msg.sender];
        if (amount == 0) {
            revert NothingOwed(msg.sender);
        }
        owedTo[msg.sender] = 0;
        totalOwed -= amount;
        emit Paid(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    function _owe(address account, uint256 amount) internal {
        owedTo[account] += amount;
        totalOwed += amount;
    }

    function _burn(uint256 amount) internal {
        if (amount != 0) {
            emit Burned(amount);
            token.safeTransfer(BURNED, amount);
        }
    }

    /// @dev Takes a share of `account`'s stake, at most the cap. The stake comes here and is the caller's to give away.
    function _slashShare(address account, uint256 share) internal returns (uint256 taken) {
        uint256 amount = (registry.slashableStakeOf(account) * share) / WHOLE;
        taken = registry.slash(account, amount < caseCap ? amount : caseCap);
    }

    /// @dev Half goes to whoever found the fault, at most a quarter to who was harmed, and the rest to nobody: who is all three
    /// in one still loses a quarter.
    function _split(uint256 taken, address finder, address harmed, uint256 harm) internal {
        uint256 half = taken / 2;
        uint256 most = (taken - half) / 2;
        uint256 harmedPart = harmed == address(0) ? 0 : harm < most ? harm : most;
        _owe(finder, half);
        _owe(harmed, harmedPart);
        _burn(taken - half - harmedPart);
    }

    function _requireShare(uint256 share) internal pure {
        if (share == 0 || share > WHOLE) {
            revert BadShare(share);
        }
    }
}
