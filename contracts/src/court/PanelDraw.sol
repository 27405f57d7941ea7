// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @title Draws validators by stake
/// @notice Each draw is independent, so a seat goes to a validator with the probability of its part of the stake: stake that
/// is split over many keys gets as many seats, on average, as under one key.
library PanelDraw {
    /// @notice Who can be drawn, and with which weight.
    /// @param accounts The validators.
    /// @param weights Their stakes; zero for those who cannot be drawn.
    /// @param total The sum of the weights.
    /// @param count How many weights are not zero.
    struct Urn {
        address[] accounts;
        uint256[] weights;
        uint256 total;
        uint256 count;
    }

    /// @notice All validators, with the stakes that they vote with on what was opened at `timepoint`.
    function fill(INodeRegistry registry, uint256 timepoint) internal view returns (Urn memory urn) {
        uint256 length = registry.validatorCount();
        urn.accounts = new address[](length);
        urn.weights = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            address account = registry.validatorAt(i);
            uint256 stake = registry.votingStakeOf(account, timepoint);
            (urn.accounts[i], urn.weights[i]) = (account, stake);
            urn.total += stake;
            urn.count += stake == 0 ? 0 : 1;
        }
    }

    /// @notice Takes an account out of the draw.
    function exclude(Urn memory urn, uint256 index) internal pure {
        if (urn.weights[index] != 0) {
            urn.total -= urn.weights[index];
            urn.weights[index] = 0;
            urn.count -= 1;
        }
    }

    /// @notice Draws one. The urn must have a weight.
    /// @return The index of who was drawn.
    function draw(Urn memory urn, bytes32 seed, uint256 number) internal pure returns (uint256) {
        // Stakes are far below 2^208, so the remainder favours nobody by more than 2^-48.
        uint256 ticket = uint256(keccak256(abi.encode(seed, number))) % urn.total;
        uint256 i = 0;
        while (ticket >= urn.weights[i]) {
            ticket -= urn.weights[i];
            ++i;
        }
        return i;
    }
}
