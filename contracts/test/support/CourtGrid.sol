// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Case} from "../../src/court/Case.sol";
import {Receipt} from "../../src/court/Receipt.sol";
import {Verdict} from "../../src/court/Verdict.sol";
import {NodeRole} from "../../src/NodeRole.sol";
import {Grid} from "./Grid.sol";

/// @notice A grid with validators that judge, and steps of a case.
abstract contract CourtGrid is Grid {
    uint256 internal constant MINER_KEY = 21;
    uint256 internal constant STAKE = 400 ether;
    address internal constant ACCUSER = address(0xACC);
    address internal constant PAYER = address(0xDE7);
    bytes32 internal constant SALT = keccak256("salt");
    address internal miner;
    uint256 private _jobs;

    function setUp() public virtual override {
        super.setUp();
        miner = register(MINER_KEY, NodeRole.Miner, STAKE);
        fund(ACCUSER, 10_000 ether, address(court));
        fund(miner, 10_000 ether, address(court));
        for (uint256 i = 1; i <= validators; ++i) {
            register(i, NodeRole.Validator, MIN_VALIDATOR);
        }
        vm.warp(block.timestamp + 10);
    }

    function receipt() internal returns (Receipt memory) {
        return Receipt({
            job: keccak256(abi.encode("job", ++_jobs)),
            miner: miner,
            payer: PAYER,
            profileHash: keccak256("profile"),
            promptHash: keccak256("prompt"),
            outputHash: keccak256("output"),
            promptTokens: 10,
            completionTokens: 20,
            price: 3 ether,
            commitmentRoot: keccak256("root"),
            epoch: registry.currentEpoch()
        });
    }

    function accuse() internal returns (uint256) {
        Receipt memory one = receipt();
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));
        vm.prank(ACCUSER);
        return court.accuse(one, signature, keccak256("evidence"));
    }

    /// @dev Lets the anchor block pass.
    function mineAnchor(uint256 caseId) internal {
        uint256 anchor = court.caseOf(caseId).anchor;
        vm.roll(anchor + 1);
        vm.setBlockhash(anchor, keccak256(abi.encode("block", anchor)));
    }

    /// @dev Draws a panel; nobody has left randomness.
    function panel(uint256 caseId) internal {
        mineAnchor(caseId);
        court.drawEntropy(caseId);
    }

    /// @dev Every member of the present panel judges `verdict`.
    function judge(uint256 caseId, Verdict verdict) internal {
        uint256 round = court.caseOf(caseId).round;
        address[] memory members = court.membersOf(caseId, round);
        for (uint256 i = 0; i < members.length; ++i) {
            commit(caseId, members[i], verdict);
        }
        vm.warp(court.caseOf(caseId).commitEnd + 1);
        for (uint256 i = 0; i < members.length; ++i) {
            vm.prank(members[i]);
            court.revealVerdict(caseId, verdict, keccak256("numbers"), SALT);
        }
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.decide(caseId);
    }

    /// @dev Draws a panel that judges `verdict`.
    function sit(uint256 caseId, Verdict verdict) internal {
        panel(caseId);
        judge(caseId, verdict);
    }

    function commit(uint256 caseId, address member, Verdict verdict) internal {
        uint256 round = court.caseOf(caseId).round;
        vm.prank(member);
        court.commitVerdict(caseId, keccak256(abi.encode(caseId, round, member, verdict, keccak256("numbers"), SALT)));
    }

    function conclude(uint256 caseId) internal {
        Case memory one = court.caseOf(caseId);
        if (block.timestamp <= one.deadline) {
            vm.warp(one.deadline + 1);
        }
        court.conclude(caseId);
    }

    /// @dev The sum of what the members of a panel are owed.
    function owedToPanel(uint256 caseId, uint256 round) internal view returns (uint256 sum) {
        address[] memory members = court.membersOf(caseId, round);
        for (uint256 i = 0; i < members.length; ++i) {
            sum += court.owedTo(members[i]);
        }
    }

    /// @dev The panels of a case that is decided, appealed, and drawn for again.
    function bothPanels(uint256 caseId) internal returns (address[] memory first, address[] memory second) {
        sit(caseId, Verdict.Guilty);
        first = court.membersOf(caseId, 0);
        vm.prank(miner);
        court.appeal(caseId);
        panel(caseId);
        second = court.membersOf(caseId, 1);
    }

    function seatsOf(uint256 caseId, uint256 round, address[] memory members) internal view returns (uint256 seats) {
        for (uint256 i = 0; i < members.length; ++i) {
            seats += court.memberOf(caseId, round, members[i]).seats;
        }
    }
}
