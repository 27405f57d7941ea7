// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SumProofStep} from "./SumProofStep.sol";

/// @title Merkle trees whose nodes bind the sum of what is below them
/// @notice A leaf is bound to chain, contract and account and is hashed twice; an inner node binds the hashes and the sums of
/// its two children under another tag, so neither can be taken for the other. Children are ordered by hash, so that a proof
/// needs no sides. A node without a sibling moves up a level as it is.
/// @dev The idea is that of Maxwell's proofs of liabilities ("Merkle sum tree"), made for the amounts of one root.
library MerkleSumTree {
    bytes32 internal constant LEAF_TYPE =
        keccak256("EpochLeaf(uint256 chainId,address rewards,address account,uint256 cumulative)");
    bytes32 internal constant NODE_TYPE =
        keccak256("EpochNode(bytes32 left,uint256 leftSum,bytes32 right,uint256 rightSum)");

    /// @notice The hash of the leaf of `account`.
    function leafHash(address rewards, address account, uint256 cumulative) internal view returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(LEAF_TYPE, block.chainid, rewards, account, cumulative))));
    }

    /// @notice The hash of the node above two others.
    function nodeHash(bytes32 oneHash, uint256 oneSum, bytes32 otherHash, uint256 otherSum)
        internal
        pure
        returns (bytes32)
    {
        return oneHash < otherHash
            ? keccak256(abi.encode(NODE_TYPE, oneHash, oneSum, otherHash, otherSum))
            : keccak256(abi.encode(NODE_TYPE, otherHash, otherSum, oneHash, oneSum));
    }

    /// @notice The root above a node, if every sum on the way is that of its children.
    /// @param hash The node's hash.
    /// @param sum Its sum.
    /// @param proof Siblings, from the bottom up. Sums that overflow revert.
    function rootOf(bytes32 hash, uint256 sum, SumProofStep[] calldata proof) internal pure returns (bytes32, uint256) {
        for (uint256 i = 0; i < proof.length; ++i) {
            hash = nodeHash(hash, sum, proof[i].hash, proof[i].sum);
            sum += proof[i].sum;
        }
        return (hash, sum);
    }

    /// @notice Whether a way to a root has a node whose sum is not that of its children.
    /// @param hash The hash of a node anywhere in the tree.
    /// @param sum Its sum, as its parent has it.
    /// @param proof Siblings, from the bottom up.
    /// @param declared The sum of each node above, as its own parent has it; the last is the root's.
    /// @return root The root that the way leads to.
    /// @return isFalse Whether one of the sums is false. What is no way at all ends in another root.
    function findFalseSum(bytes32 hash, uint256 sum, SumProofStep[] calldata proof, uint256[] calldata declared)
        internal
        pure
        returns (bytes32 root, bool isFalse)
    {
        for (uint256 i = 0; i < proof.length; ++i) {
            uint256 other = proof[i].sum;
            hash = nodeHash(hash, sum, proof[i].hash, other);
            unchecked {
                // A sum that overflows is false whatever was declared.
                isFalse = isFalse || sum + other != declared[i] || sum + other < sum;
            }
            sum = declared[i];
        }
        return (hash, isFalse);
    }
}
