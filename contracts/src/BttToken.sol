// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Play money for local grids
/// @notice An ERC-20 with permit that anyone mints. On BitTorrent Chain the grid's token is wrapped BTT, so this one refuses
/// to be deployed there. Amounts have 18 decimals.
contract BttToken is ERC20, ERC20Permit {
    uint256 private constant BTTC_MAIN = 199;
    uint256 private constant BTTC_DONAU = 1029;

    /// @notice The most that one call of the faucet gives.
    uint256 public constant FAUCET_LIMIT = 1_000_000 ether;

    error NotATestChain(uint256 chainId);
    error FaucetLimitExceeded(uint256 amount, uint256 limit);

    constructor() ERC20("Local BTT", "BTT") ERC20Permit("Local BTT") {
        if (block.chainid == BTTC_MAIN || block.chainid == BTTC_DONAU) {
            revert NotATestChain(block.chainid);
        }
    }

    /// @notice Gives `receiver` new tokens.
    /// @param receiver Who gets them.
    /// @param amount How many, at most `FAUCET_LIMIT`.
    function faucet(address receiver, uint256 amount) external {
        if (amount > FAUCET_LIMIT) {
            revert FaucetLimitExceeded(amount, FAUCET_LIMIT);
        }
        _mint(receiver, amount);
    }
}
