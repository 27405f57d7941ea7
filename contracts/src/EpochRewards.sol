// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EpochRoot} from "./EpochRoot.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {MerkleSumTree} from "./MerkleSumTree.sol";
import {SumProofStep} from "./SumProofStep.sol";

/// @title What an epoch pays
/// @notice Validators propose, with more than two thirds of their stake, the root of a tree of what every account has earned in
/// all. After a challenge window, in which more than a third of the stake vetoes or anyone proves a false sum, accounts claim
/// what they have earned beyond what they have claimed.
///
/// Funds are what is here: whoever sends tokens pays for roots to come. There is no owner and no pause.
///
/// Invariants: a root's total is at most what was here when it was proposed plus all that was claimed, so the funds cover every
/// root; all claims together never exceed the total of the active root; an account never claims the same earnings twice.
contract EpochRewards is EIP712, ReentrancyGuard {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @param root Root of the tree.
    /// @param inputsHash Hash of the published inputs.
    /// @param total Sum of the tree.
    /// @param epoch The epoch.
    /// @param activeAt From when it can be claimed from, Unix seconds.
    struct Record {
        bytes32 root;
        bytes32 inputsHash;
        uint128 total;
        uint64 epoch;
        uint64 activeAt;
    }

    bytes32 private constant ROOT_TYPE =
        keccak256("EpochRoot(uint64 epoch,bytes32 root,uint128 total,bytes32 inputsHash)");

    IERC20 public immutable token;
    INodeRegistry public immutable registry;
    uint64 public immutable challengeWindow;
    uint64 public immutable epochLength;

    /// @dev The newest record and the one before. A new one takes the place of the older, so that none is ever copied.
    Record[2] private _records;
    uint8 private _newest;

    /// @notice What all accounts have claimed.
    uint128 public totalClaimed;

    /// @notice What an account has claimed in all.
    mapping(address account => uint256) public claimedOf;

    /// @notice Stake that has vetoed a root, by its digest.
    mapping(bytes32 digest => uint256) public vetoStakeOf;

    /// @notice Whether a root was vetoed or refuted, by its digest. It can never be proposed again.
    mapping(bytes32 digest => bool) public isCancelled;

    mapping(bytes32 digest => mapping(address validator => bool)) private _hasVetoed;

    event RootProposed(uint64 indexed epoch, bytes32 root, uint128 total, bytes32 inputsHash, uint64 activeAt);
    event RootVetoed(bytes32 indexed digest, address indexed validator, uint256 stake, uint256 vetoStake);
    event RootCancelled(uint64 indexed epoch, bytes32 root);
    event Claimed(address indexed account, uint256 amount, uint256 cumulative);

    error ZeroAddress();
    error NoChallengeWindow();
    error EpochNotOver(uint64 epoch, uint256 end);
    error EpochNotNew(uint64 epoch, uint64 active);
    error RootPending(uint64 epoch, uint64 activeAt);
    error NoRootPending();
    error RootWasCancelled(bytes32 digest);
    error TotalShrinks(uint128 total, uint128 active);
    error TotalOverFunds(uint128 total, uint256 funds);
    error SignersNotAscending(address signer, address before);
    error NotEnoughStake(uint256 signed, uint256 total);
    error NoVotingStake(address account);
    error AlreadyVetoed(address validator);
    error RootNotActive(bytes32 root);
    error NotInTree(bytes32 root, uint256 sum);
    error NothingToClaim(address account, uint256 cumulative);
    error ClaimsOverTotal(uint256 claimed, uint128 total);
    error SumsAreTrue();

    constructor(IERC20 token_, INodeRegistry registry_, uint64 challengeWindow_)
        EIP712("BTTInferGrid EpochRewards", "1")
    {
        if (address(token_) == address(0) || address(registry_) == address(0)) {
            revert ZeroAddress();
        }
        if (challengeWindow_ == 0) {
            revert NoChallengeWindow();
        }
        token = token_;
        registry = registry_;
        challengeWindow = challengeWindow_;
        epochLength = registry_.epochLength();
    }

    /// @notice Proposes the root of an epoch that has ended.
    /// @param proposal The root.
    /// @param signatures Of validators with more than two thirds of the stake at the end of the epoch, by ascending address.
    function propose(EpochRoot calldata proposal, bytes[] calldata signatures) external {
        Record storage newest = _records[_newest];
        if (block.timestamp < newest.activeAt) {
            revert RootPending(newest.epoch, newest.activeAt);
        }
        uint256 end = epochEnd(proposal.epoch);
        if (block.timestamp <= end) {
            revert EpochNotOver(proposal.epoch, end);
        }
        if (proposal.epoch <= newest.epoch) {
            revert EpochNotNew(proposal.epoch, newest.epoch);
        }
        if (proposal.total < newest.total) {
            revert TotalShrinks(proposal.total, newest.total);
        }
        uint256 funds = totalFunded();
        if (proposal.total > funds) {
            revert TotalOverFunds(proposal.total, funds);
        }
        bytes32 digest = rootDigest(proposal);
        if (isCancelled[digest]) {
            revert RootWasCancelled(digest);
        }
        _requireSigned(digest, signatures, end);
        uint64 activeAt = (block.timestamp + challengeWindow).toUint64();
        _newest ^= 1;
        _records[_newest] = Record(proposal.root, proposal.inputsHash, proposal.total, proposal.epoch, activeAt);
        emit RootProposed(proposal.epoch, proposal.root, proposal.total, proposal.inputsHash, activeAt);
    }

    /// @notice A validator's veto of the pending root; with more than a third of the stake, the root is cancelled.
    function veto() external {
        Record memory record = _pending();
        uint256 end = epochEnd(record.epoch);
        uint256 stake = registry.votingStakeOf(msg.sender, end);
        if (stake == 0) {
            revert NoVotingStake(msg.sender);
        }
        bytes32 digest = _digestOf(record);
        if (_hasVetoed[digest][msg.sender]) {
            revert AlreadyVetoed(msg.sender);
        }
        _hasVetoed[digest][msg.sender] = true;
        uint256 sum = vetoStakeOf[digest] + stake;
        vetoStakeOf[digest] = sum;
        emit RootVetoed(digest, msg.sender, stake, sum);
        if (3 * sum > registry.totalValidatorStakeAt(end)) {
            _cancel(record, digest);
        }
    }

    /// @notice Anyone's proof that the pending root's tree has a false sum, which cancels the root.
    /// @param hash The hash of a node of the tree.
    /// @param sum Its sum, as its parent has it.
    /// @param proof The siblings on the way to the root.
    /// @param declared The sum of each node on that way, as its parent has it; the last is compared with the root's total.
    function refuteSum(bytes32 hash, uint256 sum, SumProofStep[] calldata proof, uint256[] calldata declared) external {
        Record memory record = _pending();
        (bytes32 root, bool isFalse) = MerkleSumTree.findFalseSum(hash, sum, proof, declared);
        uint256 top = declared.length == 0 ? sum : declared[declared.length - 1];
        if (root != record.root || top != record.total) {
            revert NotInTree(root, top);
        }
        if (!isFalse) {
            revert SumsAreTrue();
        }
        _cancel(record, _digestOf(record));
    }

    /// @notice Pays `account` what it has earned by the active root and has not claimed. Anyone may call it.
    /// @param account Who is paid.
    /// @param cumulative What it has earned in all, as its leaf says.
    /// @param root The active root that the proof is for, so that a proof for one that has passed fails as such.
    /// @param proof Siblings, from the leaf up.
    function claim(address account, uint256 cumulative, bytes32 root, SumProofStep[] calldata proof)
        external
        nonReentrant
    {
        Record storage record = _active();
        uint128 total = record.total;
        if (root != record.root || record.activeAt == 0) {
            revert RootNotActive(root);
        }
        (bytes32 found, uint256 sum) =
            MerkleSumTree.rootOf(MerkleSumTree.leafHash(address(this), account, cumulative), cumulative, proof);
        if (found != root || sum != total) {
            revert NotInTree(found, sum);
        }
        uint256 before = claimedOf[account];
        if (cumulative <= before) {
            revert NothingToClaim(account, cumulative);
        }
        uint256 amount = cumulative - before;
        uint256 claimed = totalClaimed + amount;
        if (claimed > total) {
            revert ClaimsOverTotal(claimed, total);
        }
        claimedOf[account] = cumulative;
        totalClaimed = claimed.toUint128();
        emit Claimed(account, amount, cumulative);
        token.safeTransfer(account, amount);
    }

    /// @notice The root that is claimed from; zeros if there has been none.
    function activeRecord() external view returns (Record memory) {
        return _active();
    }

    /// @notice The root that waits for its challenge window to end; zeros if none does.
    function pendingRecord() external view returns (Record memory record) {
        if (_records[_newest].activeAt > block.timestamp) {
            record = _records[_newest];
        }
    }

    /// @notice All that was ever here: what roots may promise.
    function totalFunded() public view returns (uint256) {
        return token.balanceOf(address(this)) + totalClaimed;
    }

    /// @notice The last second of `epoch`.
    function epochEnd(uint64 epoch) public view returns (uint256) {
        return (uint256(epoch) + 1) * epochLength - 1;
    }

    /// @notice What validators sign (EIP-712).
    function rootDigest(EpochRoot calldata proposal) public view returns (bytes32) {
        return _digest(proposal.epoch, proposal.root, proposal.total, proposal.inputsHash);
    }

    function _requireSigned(bytes32 digest, bytes[] calldata signatures, uint256 end) private view {
        uint256 signed = 0;
        address before = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= before) {
                revert SignersNotAscending(signer, before);
            }
            before = signer;
            signed += registry.votingStakeOf(signer, end);
        }
        uint256 total = registry.totalValidatorStakeAt(end);
        if (3 * signed <= 2 * total) {
            revert NotEnoughStake(signed, total);
        }
    }

    /// @dev A cancelled record leaves zeros, and the one before is the newest again.
    function _cancel(Record memory record, bytes32 digest) private {
        isCancelled[digest] = true;
        delete _records[_newest];
        _newest ^= 1;
        emit RootCancelled(record.epoch, record.root);
    }

    function _pending() private view returns (Record memory record) {
        record = _records[_newest];
        if (record.activeAt <= block.timestamp) {
            revert NoRootPending();
        }
    }

    function _active() private view returns (Record storage) {
        return _records[_newest].activeAt > block.timestamp ? _records[_newest ^ 1] : _records[_newest];
    }

    function _digestOf(Record memory record) private view returns (bytes32) {
        return _digest(record.epoch, record.root, record.total, record.inputsHash);
    }

    function _digest(uint64 epoch, bytes32 root, uint128 total, bytes32 inputsHash) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ROOT_TYPE, epoch, root, total, inputsHash)));
    }
}
