// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";

/// @notice What a `DisputeCourt` is deployed with. Times are in seconds, amounts in the token's smallest unit, shares in basis
/// points of the faulty node's stake.
/// @param token The grid's token.
/// @param registry Where stakes are.
/// @param accusationBond What an accuser puts up.
/// @param appealBond What an appellant puts up.
/// @param demandBond What whoever demands a reveal puts up.
/// @param seatFee What a seat of a panel earns when its verdict is the outcome.
/// @param caseCap The most that one fault costs.
/// @param doubleReceiptShare The cost of two receipts for one job.
/// @param falseRevealShare The cost of a reveal that is not what was promised.
/// @param missedDutyShare The cost of a duty that was not done.
/// @param guiltyShare The cost of a conviction.
/// @param panelSize Seats of the first panel, odd.
/// @param appealPanelSize Seats of the second, odd and more.
/// @param disputeWindow How long after an epoch its receipts can be disputed.
/// @param entropyWindow For those who give randomness.
/// @param commitWindow For a panel's commitments.
/// @param revealWindow For its reveals, and for an answer to a demand.
/// @param appealWindow For an appeal.
/// @param caseTime How long a case takes at most; then it ends without an outcome.
struct CourtParameters {
    IERC20 token;
    INodeRegistry registry;
    uint256 accusationBond;
    uint256 appealBond;
    uint256 demandBond;
    uint256 seatFee;
    uint256 caseCap;
    uint16 doubleReceiptShare;
    uint16 falseRevealShare;
    uint16 missedDutyShare;
    uint16 guiltyShare;
    uint8 panelSize;
    uint8 appealPanelSize;
    uint64 disputeWindow;
    uint64 entropyWindow;
    uint64 commitWindow;
    uint64 revealWindow;
    uint64 appealWindow;
    uint64 caseTime;
}
