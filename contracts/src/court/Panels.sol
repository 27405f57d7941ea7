// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Entropy} from "./Entropy.sol";
import {PanelDraw} from "./PanelDraw.sol";
import {Verdict} from "./Verdict.sol";

/// @title The panels of a case
/// @notice A panel's seats are drawn by stake. Its members first commit to a verdict and reveal it after all have, so that
/// nobody copies another's. A commitment is bound to case, round and member.
abstract contract Panels is Entropy {
    using PanelDraw for PanelDraw.Urn;

    /// @param seats How many seats the member has.
    /// @param verdict What it has revealed.
    /// @param commitment What it has committed to.
    struct Member {
        uint16 seats;
        Verdict verdict;
        bytes32 commitment;
    }

    uint256 internal constant LEAST_VALIDATORS = 3;

    mapping(uint256 caseId => mapping(uint256 round => address[])) private _members;
    mapping(uint256 caseId => mapping(uint256 round => mapping(address account => Member))) private _seats;

    event Seated(uint256 indexed caseId, uint256 indexed round, address indexed validator, uint256 seats);
    event VerdictCommitted(uint256 indexed caseId, uint256 indexed round, address indexed validator);
    event VerdictRevealed(uint256 indexed caseId, uint256 indexed round, address indexed validator, Verdict verdict);

    error NotOnPanel(address account);
    error VerdictRequired();
    error VerdictDoesNotFit(address account);

    /// @notice The members of a panel, each once.
    function membersOf(uint256 caseId, uint256 round) external view returns (address[] memory) {
        return _members[caseId][round];
    }

    /// @notice A member's seats and verdict.
    function memberOf(uint256 caseId, uint256 round, address account) external view returns (Member memory) {
        return _seats[caseId][round][account];
    }

    /// @dev Seats a panel: none of the parties, and nobody of the first panel on the second if enough others are there.
    /// @return Whether there was anyone to seat.
    function _seat(
        uint256 caseId,
        uint256 round,
        uint256 size,
        bytes32 seed,
        uint64 openedAt,
        address[3] memory parties
    ) internal returns (bool) {
        PanelDraw.Urn memory urn = _urn(caseId, openedAt, parties, round == 1);
        if (urn.count < LEAST_VALIDATORS && round == 1) {
            urn = _urn(caseId, openedAt, parties, false);
        }
        if (urn.count == 0) {
            return false;
        }
        for (uint256 i = 0; i < size; ++i) {
            address account = urn.accounts[urn.draw(seed, i)];
            if (++_seats[caseId][round][account].seats == 1) {
                _members[caseId][round].push(account);
            }
        }
        address[] storage members = _members[caseId][round];
        for (uint256 i = 0; i < members.length; ++i) {
            emit Seated(caseId, round, members[i], _seats[caseId][round][members[i]].seats);
        }
        return true;
    }

    function _commit(uint256 caseId, uint256 round, bytes32 commitment) internal {
        Member storage member = _seats[caseId][round][msg.sender];
        if (member.seats == 0) {
            revert NotOnPanel(msg.sender);
        }
        if (member.commitment != 0) {
            revert AlreadyCommitted(msg.sender);
        }
        if (commitment == 0) {
            revert ZeroValue();
        }
        member.commitment = commitment;
        emit VerdictCommitted(caseId, round, msg.sender);
    }

    function _revealVerdict(uint256 caseId, uint256 round, Verdict verdict, bytes32 numbersHash, bytes32 salt)
        internal
    {
        Member storage member = _seats[caseId][round][msg.sender];
        if (verdict == Verdict.None) {
            revert VerdictRequired();
        }
        if (
            member.commitment == 0
                || member.commitment != keccak256(abi.encode(caseId, round, msg.sender, verdict, numbersHash, salt))
        ) {
            revert VerdictDoesNotFit(msg.sender);
        }
        member.verdict = verdict;
        emit VerdictRevealed(caseId, round, msg.sender, verdict);
    }

    /// @dev Counts a panel and makes those pay who have not revealed.
    function _count(uint256 caseId, uint256 round, uint256 size) internal returns (Verdict) {
        address[] storage members = _members[caseId][round];
        uint256 guilty = 0;
        uint256 innocent = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            Member storage member = _seats[caseId][round][members[i]];
            if (member.verdict == Verdict.Guilty) {
                guilty += member.seats;
            } else if (member.verdict == Verdict.Innocent) {
                innocent += member.seats;
            } else if (member.verdict == Verdict.None) {
                _missDuty(members[i], keccak256(abi.encode("panel", caseId, round)));
            }
        }
        return 2 * guilty > size ? Verdict.Guilty : 2 * innocent > size ? Verdict.Innocent : Verdict.CannotVerify;
    }

    /// @dev Pays every seat whose verdict was the outcome, on any panel of the case.
    /// @param most What there is to pay with.
    /// @return paid What was paid.
    function _payPanels(uint256 caseId, Verdict outcome, uint256 seatFee, uint256 most)
        internal
        returns (uint256 paid)
    {
        uint256 seats = _seatsFor(caseId, outcome, 0);
        if (seats == 0) {
            return 0;
        }
        uint256 fee = most / seats < seatFee ? most / seats : seatFee;
        return fee * _seatsFor(caseId, outcome, fee);
    }

    /// @dev Counts the seats whose verdict was the outcome, on any panel of the case, and owes each a fee.
    function _seatsFor(uint256 caseId, Verdict outcome, uint256 fee) private returns (uint256 seats) {
        for (uint256 round = 0; round < 2; ++round) {
            address[] storage members = _members[caseId][round];
            for (uint256 i = 0; i < members.length; ++i) {
                Member storage member = _seats[caseId][round][members[i]];
                if (member.verdict == outcome) {
                    seats += member.seats;
                    _owe(members[i], fee * member.seats);
                }
            }
        }
    }

    function _urn(uint256 caseId, uint64 openedAt, address[3] memory parties, bool withoutFirstPanel)
        private
        view
        returns (PanelDraw.Urn memory urn)
    {
        urn = PanelDraw.fill(registry, openedAt - 1);
        for (uint256 i = 0; i < urn.accounts.length; ++i) {
            address account = urn.accounts[i];
            if (
                account == parties[0] || account == parties[1] || account == parties[2]
                    || (withoutFirstPanel && _seats[caseId][0][account].seats != 0)
            ) {
                urn.exclude(i);
            }
        }
    }
}
