// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Verdict} from "./Verdict.sol";

/// @notice What a validator had promised (EIP-712).
/// @param audit Audit id.
/// @param validator Who signs.
/// @param verdict Its verdict.
/// @param numbersHash Hash of the log-probabilities that it computed.
/// @param salt What kept the promise secret.
struct VerdictReveal {
    bytes32 audit;
    address validator;
    Verdict verdict;
    bytes32 numbersHash;
    bytes32 salt;
}
