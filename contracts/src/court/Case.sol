// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaseStage} from "./CaseStage.sol";
import {Verdict} from "./Verdict.sol";

/// @notice One accusation.
/// @param accuser Who made it.
/// @param target The accused miner.
/// @param payer Who paid for the job.
/// @param appellant Who appealed; zero if nobody has.
/// @param stage Where it is.
/// @param outcome What the last panel decided.
/// @param round 0, or 1 after an appeal.
/// @param draws How often entropy was drawn in this round.
/// @param openedAt When it was opened, Unix seconds: votes are counted by the stakes of the second before.
/// @param anchor The block whose hash draws who gives randomness.
/// @param commitEnd When commitments end.
/// @param deadline When the present stage ends; reveals, in the stage `Panel`.
/// @param price What the job cost.
/// @param evidenceHash Hash of the evidence, which is published off chain.
/// @param seed The randomness so far.
struct Case {
    address accuser;
    address target;
    address payer;
    address appellant;
    CaseStage stage;
    Verdict outcome;
    uint8 round;
    uint8 draws;
    uint64 openedAt;
    uint64 anchor;
    uint64 commitEnd;
    uint64 deadline;
    uint256 price;
    bytes32 evidenceHash;
    bytes32 seed;
}
