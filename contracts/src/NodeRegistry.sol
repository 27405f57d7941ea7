// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {NodeRole} from "./NodeRole.sol";
import {RegistryParameters} from "./RegistryParameters.sol";
import {PermitHolder} from "./PermitHolder.sol";
import {TokenHolder} from "./TokenHolder.sol";

/// @title Stakes of miners and validators
/// @notice Anyone registers with enough stake. Stake leaves in two steps, unstaking and, after a delay that covers every case
/// about work done before, withdrawing. Until it has been withdrawn the court reaches all of it.
///
/// Invariants: the active stake of an account is zero or at least half the minimum of its role, and only a slash brings it below
/// the minimum; the token balance of this contract
/// is at least the sum of all active and unbonding stake; the total of validators is the sum of their active stakes.
contract NodeRegistry is INodeRegistry, PermitHolder, ReentrancyGuard {
    using Checkpoints for Checkpoints.Trace208;
    using EnumerableSet for EnumerableSet.AddressSet;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    struct Node {
        NodeRole role;
        uint32 holds;
        uint64 registrationEpoch;
        uint64 unbondsAt;
        uint256 unbonding;
    }

    uint256 private constant MOST_VALIDATORS = 1024;

    address public immutable court;
    uint256 public immutable minMinerStake;
    uint256 public immutable minValidatorStake;
    uint64 public immutable unbondingDelay;
    uint64 public immutable epochLength;
    uint32 public immutable maxValidators;

    mapping(address account => Node) private _nodes;
    mapping(address account => Checkpoints.Trace208) private _stakes;
    Checkpoints.Trace208 private _validatorStake;
    EnumerableSet.AddressSet private _validators;

    event Registered(address indexed account, NodeRole role, uint256 stake, uint64 epoch);
    event StakeAdded(address indexed account, uint256 amount, uint256 active);
    event Unstaked(address indexed account, uint256 amount, uint256 unbonding, uint64 unbondsAt);
    event Withdrawn(address indexed account, uint256 amount);
    event Slashed(address indexed account, uint256 amount, uint256 active, uint256 unbonding);
    event Displaced(address indexed validator, address indexed by);
    event Held(address indexed account, uint32 holds);
    event Released(address indexed account, uint32 holds);

    error RoleRequired();
    error AlreadyRegistered(address account, NodeRole role);
    error NotRegistered(address account);
    error StakeTooSmall(uint256 stake, uint256 minimum);
    error StakeTooLow(address account, uint256 active, uint256 wanted);
    error ValidatorsFull(uint256 maximum);
    error NotDisplaceable(address validator, uint256 stake, uint256 offered);
    error NothingUnbonding(address account);
    error StillUnbonding(address account, uint64 unbondsAt);
    error HeldByCourt(address account, uint32 holds);
    error NotHeld(address account);
    error OnlyCourt(address caller);
    error NotPast(uint256 timepoint, uint256 time);
    error UnbondingTooShort(uint64 delay, uint256 least);
    error BadEpochLength();
    error BadMinimum();
    error BadValidatorLimit(uint32 limit);

    modifier onlyCourt() {
        if (msg.sender != court) {
            revert OnlyCourt(msg.sender);
        }
        _;
    }

    constructor(RegistryParameters memory parameters) TokenHolder(parameters.token) {
        _requireAddress(parameters.court);
        uint256 least = uint256(parameters.disputeWindow) + parameters.challengeTime;
        if (parameters.unbondingDelay < least) {
            revert UnbondingTooShort(parameters.unbondingDelay, least);
        }
        if (parameters.epochLength == 0) {
            revert BadEpochLength();
        }
        if (parameters.minMinerStake == 0 || parameters.minValidatorStake == 0) {
            revert BadMinimum();
        }
        if (parameters.maxValidators == 0 || parameters.maxValidators > MOST_VALIDATORS) {
            revert BadValidatorLimit(parameters.maxValidators);
        }
        court = parameters.court;
        minMinerStake = parameters.minMinerStake;
        minValidatorStake = parameters.minValidatorStake;
        unbondingDelay = parameters.unbondingDelay;
        epochLength = parameters.epochLength;
        maxValidators = parameters.maxValidators;
    }

    /// @notice Registers the caller and stakes.
    /// @param role What it will be, for life.
    /// @param amount Its stake, at least the minimum of the role.
    /// @param displaced When there is no room for another validator, one with less stake that makes room: its stake unbonds.
    /// Else anything.
    function register(NodeRole role, uint256 amount, address displaced) external nonReentrant {
        Node storage node = _nodes[msg.sender];
        if (role == NodeRole.None) {
            revert RoleRequired();
        }
        if (node.role != NodeRole.None) {
            revert AlreadyRegistered(msg.sender, node.role);
        }
        node.role = role;
        node.registrationEpoch = currentEpoch();
        emit Registered(msg.sender, role, amount, node.registrationEpoch);
        _add(msg.sender, amount, displaced);
    }

    /// @notice Adds to the caller's stake; with none left, at least the minimum of its role.
    /// @param amount How much.
    /// @param displaced As in `register`, for a validator that comes back.
    function addStake(uint256 amount, address displaced) external nonReentrant {
        if (_nodes[msg.sender].role == NodeRole.None) {
            revert NotRegistered(msg.sender);
        }
        _add(msg.sender, amount, displaced);
    }

    /// @notice Begins to take stake out. What unbonds already begins again with it: one clock for all, so that nothing
    /// leaves earlier by being split.
    /// @param amount How much of the active stake; what stays is nothing or at least the minimum of the role.
    function unstake(uint256 amount) external nonReentrant {
        if (amount == 0) {
            revert ZeroAmount();
        }
        uint256 active = activeStakeOf(msg.sender);
        if (amount > active) {
            revert StakeTooLow(msg.sender, active, amount);
        }
        uint256 rest = active - amount;
        uint256 minimum = minimumOf(_nodes[msg.sender].role);
        if (rest != 0 && rest < minimum) {
            revert StakeTooSmall(rest, minimum);
        }
        _unbond(msg.sender, active, amount);
    }

    /// @notice Takes out what has unbonded.
    function withdraw() external nonReentrant {
        Node storage node = _nodes[msg.sender];
        uint256 amount = node.unbonding;
        if (amount == 0) {
            revert NothingUnbonding(msg.sender);
        }
        if (block.timestamp < node.unbondsAt) {
            revert StillUnbonding(msg.sender, node.unbondsAt);
        }
        if (node.holds != 0) {
            revert HeldByCourt(msg.sender, node.holds);
        }
        node.unbonding = 0;
        emit Withdrawn(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeRegistry
    function hold(address account) external onlyCourt {
        Node storage node = _nodes[account];
        if (node.role == NodeRole.None) {
            revert NotRegistered(account);
        }
        emit Held(account, ++node.holds);
    }

    /// @inheritdoc INodeRegistry
    function release(address account) external onlyCourt {
        Node storage node = _nodes[account];
        if (node.holds == 0) {
            revert NotHeld(account);
        }
        emit Released(account, --node.holds);
    }

    /// @inheritdoc INodeRegistry
    function slash(address account, uint256 amount) external onlyCourt nonReentrant returns (uint256 taken) {
        Node storage node = _nodes[account];
        uint256 active = activeStakeOf(account);
        uint256 fromUnbonding = amount < node.unbonding ? amount : node.unbonding;
        uint256 fromActive = amount - fromUnbonding < active ? amount - fromUnbonding : active;
        taken = fromUnbonding + fromActive;
        node.unbonding -= fromUnbonding;
        if (fromActive != 0) {
            uint256 rest = active - fromActive;
            _setActive(account, active, rest);
            // A small slash leaves a node at work. With less than half of the minimum there is too little to lose: the rest is on
            // its way out, where the court still reaches it.
            if (rest != 0 && rest < minimumOf(node.role) / 2) {
                _unbond(account, rest, rest);
            }
        }
        emit Slashed(account, taken, activeStakeOf(account), node.unbonding);
        if (taken != 0) {
            token.safeTransfer(court, taken);
        }
    }

    /// @inheritdoc INodeRegistry
    function roleOf(address account) external view returns (NodeRole) {
        return _nodes[account].role;
    }

    /// @notice Everything that is known of `account`.
    function nodeOf(address account) external view returns (Node memory) {
        return _nodes[account];
    }

    /// @inheritdoc INodeRegistry
    function slashableStakeOf(address account) external view returns (uint256) {
        return activeStakeOf(account) + _nodes[account].unbonding;
    }

    /// @inheritdoc INodeRegistry
    function votingStakeOf(address validator, uint256 timepoint) external view returns (uint256) {
        _requirePast(timepoint);
        if (_nodes[validator].role != NodeRole.Validator) {
            return 0;
        }
        uint256 then = _stakes[validator].upperLookupRecent(timepoint.toUint48());
        uint256 active = activeStakeOf(validator);
        return then < active ? then : active;
    }

    /// @inheritdoc INodeRegistry
    function totalValidatorStakeAt(uint256 timepoint) external view returns (uint256) {
        _requirePast(timepoint);
        return _validatorStake.upperLookupRecent(timepoint.toUint48());
    }

    /// @inheritdoc INodeRegistry
    function validatorCount() external view returns (uint256) {
        return _validators.length();
    }

    /// @inheritdoc INodeRegistry
    function validatorAt(uint256 index) external view returns (address) {
        return _validators.at(index);
    }

    /// @inheritdoc INodeRegistry
    function activeStakeOf(address account) public view returns (uint256) {
        return _stakes[account].latest();
    }

    /// @notice The epoch that the present second is in.
    function currentEpoch() public view returns (uint64) {
        return (block.timestamp / epochLength).toUint64();
    }

    /// @notice The least active stake of `role`.
    function minimumOf(NodeRole role) public view returns (uint256) {
        return role == NodeRole.Validator ? minValidatorStake : minMinerStake;
    }

    function _add(address account, uint256 amount, address displaced) private {
        NodeRole role = _nodes[account].role;
        uint256 active = activeStakeOf(account);
        uint256 stake = active + amount;
        uint256 minimum = minimumOf(role);
        if (stake < minimum) {
            revert StakeTooSmall(stake, minimum);
        }
        if (role == NodeRole.Validator && active == 0 && _validators.length() == maxValidators) {
            _displace(displaced, stake);
        }
        _setActive(account, active, stake);
        emit StakeAdded(account, amount, stake);
        _take(account, amount);
    }

    /// @dev The seats are full: one with less stake goes. So whoever wants to keep others out has to hold all seats with more
    /// stake than they bring, and the seats are worth no less for it.
    function _displace(address validator, uint256 offered) private {
        if (validator == address(0)) {
            revert ValidatorsFull(maxValidators);
        }
        uint256 stake = activeStakeOf(validator);
        if (!_validators.contains(validator) || stake >= offered) {
            revert NotDisplaceable(validator, stake, offered);
        }
        emit Displaced(validator, msg.sender);
        _unbond(validator, stake, stake);
    }

    function _unbond(address account, uint256 active, uint256 amount) private {
        Node storage node = _nodes[account];
        _setActive(account, active, active - amount);
        node.unbonding += amount;
        node.unbondsAt = (block.timestamp + unbondingDelay).toUint64();
        emit Unstaked(account, amount, node.unbonding, node.unbondsAt);
    }

    function _setActive(address account, uint256 from, uint256 to) private {
        uint48 time = block.timestamp.toUint48();
        _stakes[account].push(time, to.toUint208());
        if (_nodes[account].role != NodeRole.Validator) {
            return;
        }
        _validatorStake.push(time, (_validatorStake.latest() + to - from).toUint208());
        if (from == 0) {
            _validators.add(account);
        } else if (to == 0) {
            _validators.remove(account);
        }
    }

    function _requirePast(uint256 timepoint) private view {
        if (timepoint >= block.timestamp) {
            revert NotPast(timepoint, block.timestamp);
        }
    }
}
