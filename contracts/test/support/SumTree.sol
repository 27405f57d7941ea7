// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleSumTree} from "../../src/MerkleSumTree.sol";
import {SumProofStep} from "../../src/SumProofStep.sol";

/// @notice Builds Merkle-sum trees level by level, as a validator does off chain.
library SumTree {
    /// @param hashes Hashes of the nodes, by level from the leaves up.
    /// @param sums Their sums.
    struct Tree {
        bytes32[][] hashes;
        uint256[][] sums;
    }

    function build(address rewards, address[] memory accounts, uint256[] memory amounts)
        internal
        view
        returns (Tree memory tree)
    {
        uint256 depth = 1;
        for (uint256 width = accounts.length; width > 1; width = (width + 1) / 2) {
            ++depth;
        }
        (tree.hashes, tree.sums) = (new bytes32[][](depth), new uint256[][](depth));
        tree.hashes[0] = new bytes32[](accounts.length);
        tree.sums[0] = amounts;
        for (uint256 i = 0; i < accounts.length; ++i) {
            tree.hashes[0][i] = MerkleSumTree.leafHash(rewards, accounts[i], amounts[i]);
        }
        for (uint256 level = 1; level < depth; ++level) {
            raise(tree, level);
        }
    }

    function raise(Tree memory tree, uint256 level) private pure {
        bytes32[] memory hashes = tree.hashes[level - 1];
        uint256[] memory sums = tree.sums[level - 1];
        uint256 width = (hashes.length + 1) / 2;
        (tree.hashes[level], tree.sums[level]) = (new bytes32[](width), new uint256[](width));
        for (uint256 i = 0; i < width; ++i) {
            uint256 right = 2 * i + 1;
            if (right == hashes.length) {
                (tree.hashes[level][i], tree.sums[level][i]) = (hashes[2 * i], sums[2 * i]);
            } else {
                tree.hashes[level][i] = MerkleSumTree.nodeHash(hashes[2 * i], sums[2 * i], hashes[right], sums[right]);
                tree.sums[level][i] = sums[2 * i] + sums[right];
            }
        }
    }

    function root(Tree memory tree) internal pure returns (bytes32) {
        return tree.hashes[tree.hashes.length - 1][0];
    }

    function total(Tree memory tree) internal pure returns (uint256) {
        return tree.sums[tree.sums.length - 1][0];
    }

    function proof(Tree memory tree, uint256 index) internal pure returns (SumProofStep[] memory steps) {
        steps = new SumProofStep[](tree.hashes.length - 1);
        uint256 count = 0;
        for (uint256 level = 0; level + 1 < tree.hashes.length; ++level) {
            uint256 sibling = index ^ 1;
            if (sibling < tree.hashes[level].length) {
                steps[count++] = SumProofStep(tree.hashes[level][sibling], tree.sums[level][sibling]);
            }
            index /= 2;
        }
        assembly {
            mstore(steps, count)
        }
    }
}
