// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {NodeRole} from "../NodeRole.sol";
import {ObjectiveFaults} from "./ObjectiveFaults.sol";
import {PanelDraw} from "./PanelDraw.sol";

/// @title Randomness that nobody chooses
/// @notice Validators keep a hash here of a value that only they know. For each draw the hash of a later block picks some of
/// them, by stake, and they must tell their values, which are mixed into the seed. The producer of that block does not know
/// the values, and who knows a value had fixed it before. Not telling it costs stake.
abstract contract Entropy is ObjectiveFaults {
    using PanelDraw for PanelDraw.Urn;
    using SafeCast for uint256;

    /// @param commitment Hash of the value, `keccak256(abi.encode(value))`.
    /// @param since When it was left here, Unix seconds.
    struct Standing {
        bytes32 commitment;
        uint64 since;
    }

    /// @param account The validator.
    /// @param commitment What it had left here.
    /// @param value What it has told; zero until then.
    struct Provider {
        address account;
        bytes32 commitment;
        bytes32 value;
    }

    uint256 private constant MOST_PROVIDERS = 3;

    /// @notice What a validator has left here; taken away when it is drawn.
    mapping(address validator => Standing) public standingOf;

    mapping(bytes32 drawId => Provider[]) private _providers;

    event EntropyCommitted(address indexed validator, bytes32 commitment);
    event EntropyDrawn(bytes32 indexed drawId, address indexed provider);
    event EntropyRevealed(bytes32 indexed drawId, address indexed provider);

    error NoEntropyDue(address account);
    error EntropyDoesNotFit(address account);
    error ZeroValue();
    error AlreadyCommitted(address account);

    /// @notice Leaves the hash of a value for draws of cases that are opened later. It stands until it is drawn: whoever could
    /// put another in its place would see the block's hash first and then choose whether to be drawn.
    /// @param commitment `keccak256(abi.encode(value))` of a random value that is not zero.
    function commitEntropy(bytes32 commitment) external {
        _requireRole(msg.sender, NodeRole.Validator);
        if (standingOf[msg.sender].since != 0) {
            revert AlreadyCommitted(msg.sender);
        }
        _stand(commitment);
    }

    /// @notice Who was drawn to give randomness, and what they have told.
    function providersOf(bytes32 drawId) external view returns (Provider[] memory) {
        return _providers[drawId];
    }

    /// @dev Draws who must tell their values, among those who had left one before `openedAt`.
    /// @return How many were drawn; none if nobody had.
    function _drawProviders(bytes32 drawId, bytes32 seed, uint64 openedAt) internal returns (uint256) {
        PanelDraw.Urn memory urn = PanelDraw.fill(registry, openedAt - 1);
        for (uint256 i = 0; i < urn.accounts.length; ++i) {
            uint64 since = standingOf[urn.accounts[i]].since;
            if (since == 0 || since >= openedAt) {
                urn.exclude(i);
            }
        }
        uint256 number = 0;
        for (; number < MOST_PROVIDERS && urn.count != 0; ++number) {
            uint256 index = urn.draw(seed, number);
            address account = urn.accounts[index];
            _providers[drawId].push(Provider(account, standingOf[account].commitment, 0));
            // A value that is told once is known to all.
            delete standingOf[account];
            urn.exclude(index);
            emit EntropyDrawn(drawId, account);
        }
        return number;
    }

    /// @dev Takes the caller's value, and what it leaves for the next draw.
    function _reveal(bytes32 drawId, bytes32 value, bytes32 next) internal {
        if (value == 0) {
            revert ZeroValue();
        }
        Provider[] storage providers = _providers[drawId];
        for (uint256 i = 0; i < providers.length; ++i) {
            if (providers[i].account == msg.sender && providers[i].value == 0) {
                if (keccak256(abi.encode(value)) != providers[i].commitment) {
                    revert EntropyDoesNotFit(msg.sender);
                }
                providers[i].value = value;
                emit EntropyRevealed(drawId, msg.sender);
                // One that was left since it was drawn stands as well.
                if (standingOf[msg.sender].since == 0) {
                    _stand(next);
                }
                return;
            }
        }
        revert NoEntropyDue(msg.sender);
    }

    /// @dev Whether all who were drawn have told their values.
    function _isComplete(bytes32 drawId) internal view returns (bool) {
        Provider[] storage providers = _providers[drawId];
        for (uint256 i = 0; i < providers.length; ++i) {
            if (providers[i].value == 0) {
                return false;
            }
        }
        return true;
    }

    /// @dev Mixes what was told, in the order of the draw, and makes those pay who did not tell.
    /// @return mixed The new seed.
    /// @return told How many told.
    function _mix(bytes32 drawId, bytes32 seed) internal returns (bytes32 mixed, uint256 told) {
        Provider[] storage providers = _providers[drawId];
        mixed = seed;
        for (uint256 i = 0; i < providers.length; ++i) {
            bytes32 value = providers[i].value;
            if (value == 0) {
                _missDuty(providers[i].account, drawId);
            } else {
                mixed = keccak256(abi.encode(mixed, value));
                ++told;
            }
        }
    }

    function _stand(bytes32 commitment) private {
        if (commitment == 0) {
            revert ZeroValue();
        }
        standingOf[msg.sender] = Standing(commitment, block.timestamp.toUint64());
        emit EntropyCommitted(msg.sender, commitment);
    }
}
