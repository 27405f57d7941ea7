// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A miner's signed word of what it did for one job (EIP-712, in the court's domain).
/// @param job Job id. A miner signs one receipt for a job; two different ones are a fault.
/// @param miner Who signs.
/// @param payer Who was charged.
/// @param profileHash The model profile that was promised.
/// @param promptHash Hash of the prompt's token ids.
/// @param outputHash Hash of the answer's token ids.
/// @param promptTokens Tokens of the prompt.
/// @param completionTokens Tokens of the answer.
/// @param price What was charged, in the token's smallest unit.
/// @param commitmentRoot Root of the miner's commitment to its log-probabilities.
/// @param epoch The epoch that the job belongs to.
struct Receipt {
    bytes32 job;
    address miner;
    address payer;
    bytes32 profileHash;
    bytes32 promptHash;
    bytes32 outputHash;
    uint32 promptTokens;
    uint32 completionTokens;
    uint256 price;
    bytes32 commitmentRoot;
    uint64 epoch;
}
