// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Case} from "./court/Case.sol";
import {CaseStage} from "./court/CaseStage.sol";
import {CourtFunds} from "./court/CourtFunds.sol";
import {CourtParameters} from "./court/CourtParameters.sol";
import {ObjectiveFaults} from "./court/ObjectiveFaults.sol";
import {Panels} from "./court/Panels.sol";
import {Receipt} from "./court/Receipt.sol";
import {Verdict} from "./court/Verdict.sol";
import {NodeRole} from "./NodeRole.sol";

/// @title Judges what nodes have done wrong
/// @notice Faults that signatures prove are judged at once (`ObjectiveFaults`). Whether an answer is from the model that was
/// promised is judged by a panel of validators: accuse, draw randomness, draw a panel, commit, reveal, decide, and once more
/// with a larger panel on appeal. Anyone may take each next step, and each has a limit in time.
///
/// There is no owner. Invariants: every case can be ended by an appeal window after `caseTime`, and the target's stake is held no longer;
/// a receipt is judged once; the accuser, the panels and the payer together never get more than three quarters of a slash.
contract DisputeCourt is Panels {
    using SafeCast for uint256;

    uint256 private constant ANCHOR_DELAY = 4;
    uint256 private constant MOST_DRAWS = 3;
    uint256 private constant MOST_OPEN_CASES = 4;

    uint256 public immutable accusationBond;
    uint256 public immutable appealBond;
    uint256 public immutable seatFee;
    uint256 public immutable guiltyShare;
    uint256 public immutable panelSize;
    uint256 public immutable appealPanelSize;
    uint64 public immutable entropyWindow;
    uint64 public immutable commitWindow;
    uint64 public immutable appealWindow;
    uint64 public immutable caseTime;

    uint256 public caseCount;
    mapping(uint256 caseId => Case) private _cases;
    mapping(address target => uint256) public openCasesOf;

    /// @notice Whether a receipt was disputed, by its digest.
    mapping(bytes32 digest => bool) public isDisputed;

    event CaseOpened(
        uint256 indexed caseId, address indexed target, address indexed accuser, bytes32 receipt, bytes32 evidenceHash
    );
    event CaseAnchored(uint256 indexed caseId, uint256 indexed round, uint64 anchor);
    event CaseDecided(uint256 indexed caseId, uint256 indexed round, Verdict outcome, uint64 appealEnd);
    event CaseAppealed(uint256 indexed caseId, address indexed appellant);
    event CaseClosed(uint256 indexed caseId, Verdict outcome, uint256 taken);

    error BadPanelSize(uint256 first, uint256 second);
    error BadWindow();
    error BondTooSmall(uint256 bond, uint256 least);
    error AccuserIsTarget(address account);
    error AlreadyDisputed(bytes32 receipt);
    error TooManyCases(address target, uint256 open);
    error TooFewValidators(uint256 count, uint256 least);
    error WrongStage(CaseStage stage);
    error NotTheLoser(address caller);
    error NoMoreAppeals(uint256 caseId);

    constructor(CourtParameters memory parameters)
        CourtFunds(parameters.token, parameters.registry, parameters.caseCap)
        ObjectiveFaults(parameters)
        EIP712("BTTInferGrid DisputeCourt", "1")
    {
        _requireShare(parameters.guiltyShare);
        uint256 size = parameters.panelSize;
        uint256 appealSize = parameters.appealPanelSize;
        if (size % 2 == 0 || appealSize % 2 == 0 || appealSize <= size) {
            revert BadPanelSize(size, appealSize);
        }
        // Half of a bond pays a whole panel, so that the other half always hurts.
        _requireBond(parameters.accusationBond, 2 * size * parameters.seatFee);
        _requireBond(parameters.appealBond, 2 * appealSize * parameters.seatFee);
        uint256 least = 2
            * (MOST_DRAWS
                * uint256(parameters.entropyWindow)
                + parameters.commitWindow
                + parameters.revealWindow
                + parameters.appealWindow);
        if (
            parameters.disputeWindow == 0 || parameters.entropyWindow == 0 || parameters.commitWindow == 0
                || parameters.revealWindow == 0 || parameters.appealWindow == 0 || parameters.caseTime < least
        ) {
            revert BadWindow();
        }
        accusationBond = parameters.accusationBond;
        appealBond = parameters.appealBond;
        seatFee = parameters.seatFee;
        guiltyShare = parameters.guiltyShare;
        panelSize = size;
        appealPanelSize = appealSize;
        entropyWindow = parameters.entropyWindow;
        commitWindow = parameters.commitWindow;
        appealWindow = parameters.appealWindow;
        caseTime = parameters.caseTime;
    }

    /// @notice Accuses a miner of an answer that is not from the model that its receipt names. Only a receipt that the miner
    /// has signed can be disputed, once, and for a time after its epoch.
    /// @param receipt The receipt.
    /// @param signature The miner's.
    /// @param evidenceHash Hash of the evidence, which the accuser publishes.
    /// @return caseId The case.
    function accuse(Receipt calldata receipt, bytes calldata signature, bytes32 evidenceHash)
        external
        nonReentrant
        returns (uint256 caseId)
    {
        bytes32 digest = receiptDigest(receipt);
        _requireSigned(digest, signature, receipt.miner);
        _requireRole(receipt.miner, NodeRole.Miner);
        if (msg.sender == receipt.miner) {
            revert AccuserIsTarget(msg.sender);
        }
        uint256 limit = (uint256(receipt.epoch) + 1) * registry.epochLength() + disputeWindow;
        if (block.timestamp > limit) {
            revert TooLate(limit);
        }
        if (isDisputed[digest]) {
            revert AlreadyDisputed(digest);
        }
        if (openCasesOf[receipt.miner] == MOST_OPEN_CASES) {
            revert TooManyCases(receipt.miner, MOST_OPEN_CASES);
        }
        if (registry.validatorCount() < LEAST_VALIDATORS) {
            revert TooFewValidators(registry.validatorCount(), LEAST_VALIDATORS);
        }
        isDisputed[digest] = true;
        openCasesOf[receipt.miner] += 1;
        caseId = ++caseCount;
        Case storage one = _cases[caseId];
        (one.accuser, one.target, one.payer) = (msg.sender, receipt.miner, receipt.payer);
        (one.price, one.evidenceHash) = (receipt.price, evidenceHash);
        one.openedAt = block.timestamp.toUint64();
        emit CaseOpened(caseId, receipt.miner, msg.sender, digest, evidenceHash);
        _anchor(caseId, one);
        registry.hold(receipt.miner);
        _take(msg.sender, accusationBond);
    }

    /// @notice Draws, by the hash of the anchor block, who gives randomness. Hashes are there for 256 blocks; if nobody came
    /// in that time, another block becomes the anchor. Anyone who wants another result would need everyone else to sleep.
    function drawEntropy(uint256 caseId) external nonReentrant {
        Case storage one = _inStage(caseId, CaseStage.Anchored);
        if (block.number <= one.anchor) {
            revert NotYet(uint256(one.anchor) + 1);
        }
        bytes32 anchorHash = blockhash(one.anchor);
        if (anchorHash == 0) {
            _anchor(caseId, one);
            return;
        }
        one.seed = keccak256(abi.encode(anchorHash, caseId, one.round, one.draws));
        if (_drawProviders(_drawId(caseId, one), one.seed, one.openedAt) == 0) {
            _seatPanel(caseId, one);
            return;
        }
        one.stage = CaseStage.Entropy;
        one.deadline = (block.timestamp + entropyWindow).toUint64();
    }

    /// @notice Tells the caller's value for the draw of a case.
    /// @param value What `commitEntropy` was given the hash of.
    /// @param next The hash of another value, for later draws.
    function revealEntropy(uint256 caseId, bytes32 value, bytes32 next) external {
        Case storage one = _inStage(caseId, CaseStage.Entropy);
        _requireInTime(one.deadline);
        _reveal(_drawId(caseId, one), value, next);
    }

    /// @notice Draws the panel, when all randomness is there or its time is over. If nobody has told any, others are drawn, at
    /// most three times in all; then the block's hash alone decides.
    function drawPanel(uint256 caseId) external nonReentrant {
        Case storage one = _inStage(caseId, CaseStage.Entropy);
        bytes32 drawId = _drawId(caseId, one);
        if (block.timestamp <= one.deadline && !_isComplete(drawId)) {
            revert NotYet(uint256(one.deadline) + 1);
        }
        uint256 told;
        (one.seed, told) = _mix(drawId, one.seed);
        if (told == 0 && ++one.draws < MOST_DRAWS) {
            _anchor(caseId, one);
            return;
        }
        _seatPanel(caseId, one);
    }

    /// @notice A panel member's promise of a verdict.
    /// @param commitment `keccak256(abi.encode(caseId, round, member, verdict, numbersHash, salt))`.
    function commitVerdict(uint256 caseId, bytes32 commitment) external {
        Case storage one = _inStage(caseId, CaseStage.Panel);
        _requireInTime(one.commitEnd);
        _commit(caseId, one.round, commitment);
    }

    /// @notice Reveals what was promised, after all promises.
    function revealVerdict(uint256 caseId, Verdict verdict, bytes32 numbersHash, bytes32 salt) external {
        Case storage one = _inStage(caseId, CaseStage.Panel);
        _requireOver(one.commitEnd);
        _requireInTime(one.deadline);
        _revealVerdict(caseId, one.round, verdict, numbersHash, salt);
    }

    /// @notice Counts the panel when its time is over. Guilt and innocence need more than half of all seats.
    function decide(uint256 caseId) external nonReentrant {
        Case storage one = _inStage(caseId, CaseStage.Panel);
        _requireOver(one.deadline);
        one.outcome = _count(caseId, one.round, one.round == 0 ? panelSize : appealPanelSize);
        one.stage = CaseStage.Decided;
        // The second panel has the last word.
        one.deadline = one.round == 0 ? (block.timestamp + appealWindow).toUint64() : 0;
        emit CaseDecided(caseId, one.round, one.outcome, one.deadline);
    }

    /// @notice Calls a larger panel: for who lost, or for either when nothing was decided.
    function appeal(uint256 caseId) external nonReentrant {
        Case storage one = _inStage(caseId, CaseStage.Decided);
        if (one.round == 1) {
            revert NoMoreAppeals(caseId);
        }
        _requireInTime(one.deadline);
        bool mayAccuser = msg.sender == one.accuser && one.outcome != Verdict.Guilty;
        bool mayTarget = msg.sender == one.target && one.outcome != Verdict.Innocent;
        if (!mayAccuser && !mayTarget) {
            revert NotTheLoser(msg.sender);
        }
        one.appellant = msg.sender;
        (one.round, one.draws) = (1, 0);
        emit CaseAppealed(caseId, msg.sender);
        _anchor(caseId, one);
        _take(msg.sender, appealBond);
    }

    /// @notice Ends a case that is decided and is not appealed, or was.
    function conclude(uint256 caseId) external nonReentrant {
        Case storage one = _inStage(caseId, CaseStage.Decided);
        _requireOver(one.deadline);
        _close(caseId, one, one.outcome);
    }

    /// @notice Ends a case that has taken too long. Without a verdict everyone gets their bond back; one that was appealed keeps
    /// its first verdict, and the appeal's bond goes back. A case that is decided, or whose verdicts only wait to be counted,
    /// goes on: nobody escapes a verdict by waiting.
    function expire(uint256 caseId) external nonReentrant {
        Case storage one = _cases[caseId];
        CaseStage stage = one.stage;
        if (
            stage == CaseStage.None || stage >= CaseStage.Decided
                || (stage == CaseStage.Panel && block.timestamp > one.deadline)
        ) {
            _refuseStage(stage);
        }
        _requireOver(uint256(one.openedAt) + caseTime);
        _returnAppeal(one);
        one.appellant = address(0);
        _close(caseId, one, one.outcome == Verdict.None ? Verdict.CannotVerify : one.outcome);
    }

    /// @notice Everything that is known of a case.
    function caseOf(uint256 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @notice What stands for the present draw of a case in `providersOf`.
    function drawIdOf(uint256 caseId) external view returns (bytes32) {
        return _drawId(caseId, _cases[caseId]);
    }

    function _anchor(uint256 caseId, Case storage one) private {
        one.stage = CaseStage.Anchored;
        one.anchor = (block.number + ANCHOR_DELAY).toUint64();
        emit CaseAnchored(caseId, one.round, one.anchor);
    }

    function _seatPanel(uint256 caseId, Case storage one) private {
        uint256 size = one.round == 0 ? panelSize : appealPanelSize;
        if (!_seat(caseId, one.round, size, one.seed, one.openedAt, [one.accuser, one.target, one.payer])) {
            _close(caseId, one, Verdict.CannotVerify);
            return;
        }
        one.stage = CaseStage.Panel;
        one.commitEnd = (block.timestamp + commitWindow).toUint64();
        one.deadline = one.commitEnd + revealWindow;
    }

    function _close(uint256 caseId, Case storage one, Verdict outcome) private {
        one.stage = CaseStage.Closed;
        one.outcome = outcome;
        openCasesOf[one.target] -= 1;
        uint256 taken = 0;
        if (outcome == Verdict.Guilty) {
            taken = _convict(caseId, one);
        } else if (outcome == Verdict.Innocent) {
            _acquit(caseId, one);
        } else {
            uint256 fees = _payPanels(caseId, outcome, seatFee, accusationBond / 2);
            _owe(one.accuser, accusationBond - fees);
            _returnAppeal(one);
        }
        registry.release(one.target);
        emit CaseClosed(caseId, outcome, taken);
    }

    function _convict(uint256 caseId, Case storage one) private returns (uint256 taken) {
        taken = _slashShare(one.target, guiltyShare);
        uint256 half = taken / 2;
        uint256 fees = _payPanels(caseId, Verdict.Guilty, seatFee, half / 2);
        uint256 most = (taken - half) / 2;
        uint256 harmed = one.price < most ? one.price : most;
        _owe(one.accuser, accusationBond + half - fees);
        _owe(one.payer, harmed);
        _burn(taken - half - harmed);
        if (one.appellant == one.accuser) {
            _returnAppeal(one);
        } else if (one.appellant != address(0)) {
            _burn(appealBond);
        }
    }

    function _acquit(uint256 caseId, Case storage one) private {
        uint256 lost = accusationBond;
        if (one.appellant == one.accuser) {
            lost += appealBond;
        } else {
            _returnAppeal(one);
        }
        uint256 fees = _payPanels(caseId, Verdict.Innocent, seatFee, lost / 2);
        uint256 amends = (lost - fees) / 2;
        _owe(one.target, amends);
        _burn(lost - fees - amends);
    }

    function _returnAppeal(Case storage one) private {
        if (one.appellant != address(0)) {
            _owe(one.appellant, appealBond);
        }
    }

    function _requireBond(uint256 bond, uint256 least) private pure {
        if (bond == 0 || bond < least) {
            revert BondTooSmall(bond, least);
        }
    }

    function _inStage(uint256 caseId, CaseStage stage) private view returns (Case storage one) {
        one = _cases[caseId];
        if (one.stage != stage) {
            _refuseStage(one.stage);
        }
    }

    /// @dev In one place, because the code is near the limit of EIP-170.
    function _refuseStage(CaseStage stage) private pure {
        revert WrongStage(stage);
    }

    function _drawId(uint256 caseId, Case storage one) private view returns (bytes32) {
        return keccak256(abi.encode("draw", caseId, one.round, one.draws));
    }
}
