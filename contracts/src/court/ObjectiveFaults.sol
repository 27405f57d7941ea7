// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {NodeRole} from "../NodeRole.sol";
import {CourtFunds} from "./CourtFunds.sol";
import {CourtParameters} from "./CourtParameters.sol";
import {Receipt} from "./Receipt.sol";
import {VerdictCommitment} from "./VerdictCommitment.sol";
import {VerdictReveal} from "./VerdictReveal.sol";

/// @title Faults that signatures prove
/// @notice What a node has signed judges it, at once and without a panel. Each fault costs once, however often it is shown.
abstract contract ObjectiveFaults is CourtFunds, EIP712 {
    using SafeCast for uint256;

    /// @param demander Who demands the reveal; zero when it was answered or judged.
    /// @param deadline Until when the validator may answer, Unix seconds.
    struct Demand {
        address demander;
        uint64 deadline;
    }

    bytes32 private constant RECEIPT_TYPE = keccak256(
        "Receipt(bytes32 job,address miner,address payer,bytes32 profileHash,bytes32 promptHash,bytes32 outputHash,uint32 promptTokens,uint32 completionTokens,uint256 price,bytes32 commitmentRoot,uint64 epoch)"
    );
    bytes32 private constant COMMITMENT_TYPE =
        keccak256("VerdictCommitment(bytes32 audit,address validator,bytes32 commitment,uint64 revealBy)");
    bytes32 private constant REVEAL_TYPE =
        keccak256("VerdictReveal(bytes32 audit,address validator,uint8 verdict,bytes32 numbersHash,bytes32 salt)");

    uint256 public immutable demandBond;
    uint256 public immutable doubleReceiptShare;
    uint256 public immutable falseRevealShare;
    uint256 public immutable missedDutyShare;
    uint64 public immutable disputeWindow;
    uint64 public immutable revealWindow;

    /// @notice Whether a fault has been judged, by the hash of what it is about.
    mapping(bytes32 fault => bool) public isJudged;

    mapping(bytes32 fault => Demand) private _demands;

    event DoubleReceipt(address indexed miner, bytes32 indexed job, uint256 taken, address reporter);
    event FalseReveal(address indexed validator, bytes32 indexed audit, uint256 taken, address reporter);
    event RevealDemanded(address indexed validator, bytes32 indexed audit, uint64 deadline, address demander);
    event RevealAnswered(address indexed validator, bytes32 indexed audit);
    event DutyMissed(address indexed validator, bytes32 indexed duty, uint256 taken);

    error NotSignedBy(address signer, address expected);
    error NotTwoReceipts(bytes32 job, bytes32 otherJob, address miner, address otherMiner);
    error SameReceipt(bytes32 job);
    error NotOneAudit(bytes32 audit, bytes32 otherAudit, address validator, address otherValidator);
    error RevealFits(bytes32 audit);
    error RevealDoesNotFit(bytes32 audit);
    error AlreadyJudged(bytes32 fault);
    error AlreadyDemanded(bytes32 fault);
    error NotDemanded(bytes32 fault);
    error NotDueYet(uint64 revealBy);
    error TooLate(uint256 limit);
    error NotYet(uint256 from);
    error NotAMiner(address account);
    error NotAValidator(address account);

    constructor(CourtParameters memory parameters) {
        _requireShare(parameters.doubleReceiptShare);
        _requireShare(parameters.falseRevealShare);
        _requireShare(parameters.missedDutyShare);
        if (parameters.demandBond == 0) {
            revert ZeroAmount();
        }
        demandBond = parameters.demandBond;
        doubleReceiptShare = parameters.doubleReceiptShare;
        falseRevealShare = parameters.falseRevealShare;
        missedDutyShare = parameters.missedDutyShare;
        disputeWindow = parameters.disputeWindow;
        revealWindow = parameters.revealWindow;
    }

    /// @notice Judges a miner that has signed two different receipts for one job.
    function proveDoubleReceipt(
        Receipt calldata one,
        bytes calldata signature,
        Receipt calldata other,
        bytes calldata otherSignature
    ) external nonReentrant {
        if (one.job != other.job || one.miner != other.miner) {
            revert NotTwoReceipts(one.job, other.job, one.miner, other.miner);
        }
        bytes32 digest = receiptDigest(one);
        bytes32 otherDigest = receiptDigest(other);
        if (digest == otherDigest) {
            revert SameReceipt(one.job);
        }
        _requireSigned(digest, signature, one.miner);
        _requireSigned(otherDigest, otherSignature, one.miner);
        _requireRole(one.miner, NodeRole.Miner);
        _judge(keccak256(abi.encode("double receipt", one.miner, one.job)));
        uint256 taken = _slashShare(one.miner, doubleReceiptShare);
        emit DoubleReceipt(one.miner, one.job, taken, msg.sender);
        _split(taken, msg.sender, one.payer == other.payer ? one.payer : address(0), one.price);
    }

    /// @notice Judges a validator whose signed reveal is not what it had signed the promise of.
    function proveFalseReveal(
        VerdictCommitment calldata promise_,
        bytes calldata signature,
        VerdictReveal calldata reveal,
        bytes calldata revealSignature
    ) external nonReentrant {
        if (promise_.audit != reveal.audit || promise_.validator != reveal.validator) {
            revert NotOneAudit(promise_.audit, reveal.audit, promise_.validator, reveal.validator);
        }
        if (_fits(promise_, reveal)) {
            revert RevealFits(promise_.audit);
        }
        _requireSigned(commitmentDigest(promise_), signature, promise_.validator);
        _requireSigned(revealDigest(reveal), revealSignature, promise_.validator);
        _requireRole(promise_.validator, NodeRole.Validator);
        _judge(keccak256(abi.encode("false reveal", promise_.validator, promise_.audit)));
        uint256 taken = _slashShare(promise_.validator, falseRevealShare);
        emit FalseReveal(promise_.validator, promise_.audit, taken, msg.sender);
        _split(taken, msg.sender, address(0), 0);
    }

    /// @notice Demands that a validator reveals what it has signed the promise of and has not revealed in time. Who demands
    /// puts up a bond, which is the validator's if it answers.
    function demandReveal(VerdictCommitment calldata promise_, bytes calldata signature) external nonReentrant {
        if (block.timestamp <= promise_.revealBy) {
            revert NotDueYet(promise_.revealBy);
        }
        _requireInTime(uint256(promise_.revealBy) + disputeWindow);
        _requireSigned(commitmentDigest(promise_), signature, promise_.validator);
        _requireRole(promise_.validator, NodeRole.Validator);
        bytes32 fault = _demandOf(promise_);
        if (_demands[fault].deadline != 0) {
            revert AlreadyDemanded(fault);
        }
        uint64 deadline = (block.timestamp + revealWindow).toUint64();
        _demands[fault] = Demand(msg.sender, deadline);
        registry.hold(promise_.validator);
        emit RevealDemanded(promise_.validator, promise_.audit, deadline, msg.sender);
        _take(msg.sender, demandBond);
    }

    /// @notice Answers a demand. Anyone may bring the reveal, which nobody but the validator can know.
    function answerDemand(VerdictCommitment calldata promise_, VerdictReveal calldata reveal) external nonReentrant {
        bytes32 fault = _demandOf(promise_);
        Demand memory demand = _openDemand(fault);
        _requireInTime(demand.deadline);
        if (promise_.audit != reveal.audit || promise_.validator != reveal.validator || !_fits(promise_, reveal)) {
            revert RevealDoesNotFit(promise_.audit);
        }
        _demands[fault].demander = address(0);
        registry.release(promise_.validator);
        emit RevealAnswered(promise_.validator, promise_.audit);
        _owe(promise_.validator, demandBond);
    }

    /// @notice Judges a validator that has not answered a demand in time.
    function judgeSilence(VerdictCommitment calldata promise_) external nonReentrant {
        bytes32 fault = _demandOf(promise_);
        Demand memory demand = _openDemand(fault);
        _requireOver(demand.deadline);
        _demands[fault].demander = address(0);
        uint256 taken = _slashShare(promise_.validator, missedDutyShare);
        registry.release(promise_.validator);
        emit DutyMissed(promise_.validator, fault, taken);
        _owe(demand.demander, demandBond);
        _split(taken, demand.demander, address(0), 0);
    }

    /// @notice What a miner signs (EIP-712).
    function receiptDigest(Receipt calldata receipt) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(bytes.concat(RECEIPT_TYPE, abi.encode(receipt))));
    }

    /// @notice What a validator signs before it reveals (EIP-712).
    function commitmentDigest(VerdictCommitment calldata promise_) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(bytes.concat(COMMITMENT_TYPE, abi.encode(promise_))));
    }

    /// @notice What a validator signs when it reveals (EIP-712).
    function revealDigest(VerdictReveal calldata reveal) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(bytes.concat(REVEAL_TYPE, abi.encode(reveal))));
    }

    /// @dev A duty on the chain itself that was not done. What it costs is nobody's gain.
    function _missDuty(address validator, bytes32 duty) internal {
        uint256 taken = _slashShare(validator, missedDutyShare);
        emit DutyMissed(validator, duty, taken);
        _burn(taken);
    }

    /// @dev Refuses what is possible until `limit`, after that.
    function _requireInTime(uint256 limit) internal view {
        if (block.timestamp > limit) {
            revert TooLate(limit);
        }
    }

    /// @dev Refuses what is possible after `limit`, until then.
    function _requireOver(uint256 limit) internal view {
        if (block.timestamp <= limit) {
            revert NotYet(limit + 1);
        }
    }

    function _requireRole(address account, NodeRole role) internal view {
        if (registry.roleOf(account) != role) {
            if (role == NodeRole.Miner) {
                revert NotAMiner(account);
            }
            revert NotAValidator(account);
        }
    }

    function _requireSigned(bytes32 digest, bytes calldata signature, address expected) internal pure {
        address signer = ECDSA.recover(digest, signature);
        if (signer != expected) {
            revert NotSignedBy(signer, expected);
        }
    }

    function _judge(bytes32 fault) private {
        if (isJudged[fault]) {
            revert AlreadyJudged(fault);
        }
        isJudged[fault] = true;
    }

    function _openDemand(bytes32 fault) private view returns (Demand memory demand) {
        demand = _demands[fault];
        if (demand.demander == address(0)) {
            revert NotDemanded(fault);
        }
    }

    function _demandOf(VerdictCommitment calldata promise_) private pure returns (bytes32) {
        return keccak256(abi.encode("silence", promise_));
    }

    function _fits(VerdictCommitment calldata promise_, VerdictReveal calldata reveal) private pure returns (bool) {
        return promise_.commitment
            == keccak256(abi.encode(reveal.audit, reveal.validator, reveal.verdict, reveal.numbersHash, reveal.salt));
    }
}
