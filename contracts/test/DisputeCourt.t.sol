// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaseStage} from "../src/court/CaseStage.sol";
import {CourtFunds} from "../src/court/CourtFunds.sol";
import {CourtParameters} from "../src/court/CourtParameters.sol";
import {ObjectiveFaults} from "../src/court/ObjectiveFaults.sol";
import {Panels} from "../src/court/Panels.sol";
import {Entropy} from "../src/court/Entropy.sol";
import {Receipt} from "../src/court/Receipt.sol";
import {Verdict} from "../src/court/Verdict.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {INodeRegistry} from "../src/interfaces/INodeRegistry.sol";
import {NodeRegistry} from "../src/NodeRegistry.sol";
import {TokenHolder} from "../src/TokenHolder.sol";
import {CourtGrid} from "./support/CourtGrid.sol";

/// @notice Cases that a panel judges.
contract DisputeCourtTest is CourtGrid {
    function test_Accuse_HoldsTheStakeAndTakesTheBond() public {
        uint256 caseId = accuse();

        vm.assertEq(registry.nodeOf(miner).holds, 1, "held");
        vm.assertEq(token.balanceOf(address(court)), 100 ether, "bond");
        vm.assertEq(court.openCasesOf(miner), 1, "open");
        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Anchored), "stage");
        vm.assertEq(court.caseOf(caseId).evidenceHash, keccak256("evidence"), "evidence");
    }

    function test_Guilty_NotAppealed_IsSlashedAndShared() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "three tenths are gone");
        vm.assertEq(owedToPanel(caseId, 0), 7 ether, "seven seats");
        vm.assertEq(court.owedTo(ACCUSER), 153 ether, "the bond and half of the slash less the panel");
        vm.assertEq(court.owedTo(PAYER), 3 ether, "the harm");
        vm.assertEq(token.balanceOf(court.BURNED()), 57 ether, "burned");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
        vm.assertEq(registry.nodeOf(miner).holds, 0, "released");
        vm.assertEq(court.openCasesOf(miner), 0, "closed");
    }

    /// @dev Attack: an accusation without a cause.
    function test_Attack_FalseAccusation_LosesTheBond() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Innocent);
        conclude(caseId);

        vm.assertEq(court.owedTo(ACCUSER), 0, "the bond is lost");
        vm.assertEq(owedToPanel(caseId, 0), 7 ether, "the panel is paid from it");
        vm.assertEq(court.owedTo(miner), 46.5 ether, "amends");
        vm.assertEq(token.balanceOf(court.BURNED()), 46.5 ether, "burned");
        vm.assertEq(registry.slashableStakeOf(miner), STAKE, "the stake is whole");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    function test_CannotVerify_NeverCountsAsGuilt() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.CannotVerify);
        conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), STAKE, "the stake is whole");
        vm.assertEq(court.owedTo(ACCUSER), 93 ether, "the bond less the panel");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    /// @dev Attack: a panel member that does not judge, or does not say what.
    function test_Attack_LazyPanellist_EarnsNothingAndPays() public {
        uint256 caseId = accuse();
        panel(caseId);
        address[] memory members = court.membersOf(caseId, 0);
        uint256 others = 0;
        for (uint256 i = 1; i < members.length; ++i) {
            commit(caseId, members[i], Verdict.Guilty);
            others += court.memberOf(caseId, 0, members[i]).seats;
        }
        vm.warp(court.caseOf(caseId).commitEnd + 1);
        for (uint256 i = 1; i < members.length; ++i) {
            vm.prank(members[i]);
            court.revealVerdict(caseId, Verdict.Guilty, keccak256("numbers"), SALT);
        }
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.decide(caseId);
        conclude(caseId);

        vm.assertEq(court.owedTo(members[0]), 0, "no pay");
        vm.assertEq(registry.slashableStakeOf(members[0]), 990 ether, "a hundredth is gone");
        vm.assertEq(owedToPanel(caseId, 0), others * 1 ether, "the others are paid");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    /// @dev Attack: who was found guilty lets the time of the case run out.
    function test_Attack_WaitingOutAVerdict_IsConcludedAllTheSame() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        vm.warp(block.timestamp + 30 days);

        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.WrongStage.selector, CaseStage.Decided));
        court.expire(caseId);
        conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "slashed");
    }

    /// @dev Attack: nobody counts the verdicts until the time of the case is over.
    function test_Attack_WaitingOutTheCount_IsCountedAllTheSame() public {
        uint256 caseId = accuse();
        panel(caseId);
        address[] memory members = court.membersOf(caseId, 0);
        for (uint256 i = 0; i < members.length; ++i) {
            commit(caseId, members[i], Verdict.Guilty);
        }
        vm.warp(court.caseOf(caseId).commitEnd + 1);
        for (uint256 i = 0; i < members.length; ++i) {
            vm.prank(members[i]);
            court.revealVerdict(caseId, Verdict.Guilty, keccak256("numbers"), SALT);
        }
        vm.warp(block.timestamp + 30 days);

        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.WrongStage.selector, CaseStage.Panel));
        court.expire(caseId);
        court.decide(caseId);
        conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "slashed");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.WrongStage.selector, CaseStage.Closed));
        court.expire(caseId);
    }

    /// @dev Attack: another's commitment is handed in as one's own.
    function test_Attack_CopiedCommitment_CannotBeRevealed() public {
        uint256 caseId = accuse();
        panel(caseId);
        address[] memory members = court.membersOf(caseId, 0);
        commit(caseId, members[0], Verdict.Guilty);
        bytes32 copy = court.memberOf(caseId, 0, members[0]).commitment;
        vm.prank(members[1]);
        court.commitVerdict(caseId, copy);
        vm.warp(court.caseOf(caseId).commitEnd + 1);

        vm.prank(members[1]);
        vm.expectRevert(abi.encodeWithSelector(Panels.VerdictDoesNotFit.selector, members[1]));
        court.revealVerdict(caseId, Verdict.Guilty, keccak256("numbers"), SALT);
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.decide(caseId);

        vm.assertEq(registry.slashableStakeOf(members[1]), 990 ether, "the copier pays");
        vm.assertEq(court.owedTo(members[1]), 0, "and earns nothing");
    }

    /// @dev Attack: a member votes unread, against those who have read.
    function test_Attack_BlindVote_EarnsNothingAgainstTheOthers() public {
        uint256 caseId = accuse();
        panel(caseId);
        address[] memory members = court.membersOf(caseId, 0);
        for (uint256 i = 0; i < members.length; ++i) {
            commit(caseId, members[i], i == 0 ? Verdict.Innocent : Verdict.Guilty);
        }
        vm.warp(court.caseOf(caseId).commitEnd + 1);
        for (uint256 i = 0; i < members.length; ++i) {
            vm.prank(members[i]);
            court.revealVerdict(caseId, i == 0 ? Verdict.Innocent : Verdict.Guilty, keccak256("numbers"), SALT);
        }
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.decide(caseId);
        conclude(caseId);

        vm.assertEq(uint256(court.caseOf(caseId).outcome), uint256(Verdict.Guilty), "the others decide");
        vm.assertEq(court.owedTo(members[0]), 0, "no pay");
        vm.assertEq(
            owedToPanel(caseId, 0), (7 - court.memberOf(caseId, 0, members[0]).seats) * 1 ether, "theirs is paid"
        );
    }

    function test_Verdicts_OutOfTurn_Revert() public {
        uint256 caseId = accuse();
        panel(caseId);
        address member = court.membersOf(caseId, 0)[0];
        uint64 commitEnd = court.caseOf(caseId).commitEnd;
        uint64 deadline = court.caseOf(caseId).deadline;

        vm.expectRevert(abi.encodeWithSelector(Panels.NotOnPanel.selector, address(this)));
        court.commitVerdict(caseId, SALT);
        vm.startPrank(member);
        vm.expectRevert(Entropy.ZeroValue.selector);
        court.commitVerdict(caseId, bytes32(0));
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, commitEnd + 1));
        court.revealVerdict(caseId, Verdict.Guilty, SALT, SALT);
        court.commitVerdict(caseId, SALT);
        vm.expectRevert(abi.encodeWithSelector(Entropy.AlreadyCommitted.selector, member));
        court.commitVerdict(caseId, SALT);
        vm.warp(commitEnd + 1);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, commitEnd));
        court.commitVerdict(caseId, SALT);
        vm.expectRevert(Panels.VerdictRequired.selector);
        court.revealVerdict(caseId, Verdict.None, SALT, SALT);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, deadline + 1));
        court.decide(caseId);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, deadline));
        court.revealVerdict(caseId, Verdict.Guilty, SALT, SALT);
    }

    /// @dev Attack: the accused takes its stake out while the case is open.
    function test_Attack_ExitBeforeSlash_IsHeld() public {
        vm.prank(miner);
        registry.unstake(STAKE);
        vm.warp(block.timestamp + 21 days);
        Receipt memory one = receipt();
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));
        vm.prank(ACCUSER);
        uint256 caseId = court.accuse(one, signature, keccak256("evidence"));

        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.HeldByCourt.selector, miner, 1));
        registry.withdraw();
        sit(caseId, Verdict.Guilty);
        conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "slashed");
    }

    /// @dev Attack: accuser and payer are one and want a rival's stake. Even a guilty verdict costs the grid nothing, and an
    /// innocent one costs them the bond; with a panel that is honest they always lose.
    function test_Attack_PayerAccusesARival_LosesMoneyBeforeAnHonestPanel() public {
        uint256 before = token.balanceOf(ACCUSER);
        uint256 caseId = accuse();
        sit(caseId, Verdict.Innocent);
        conclude(caseId);

        uint256 got = court.owedTo(ACCUSER) + court.owedTo(PAYER);
        vm.assertEq(before - token.balanceOf(ACCUSER) - got, 100 ether, "the whole bond is lost");
    }

    /// @dev Attack: flags without end keep an honest miner's stake held.
    function test_Attack_AccuserGriefing_IsBounded() public {
        Receipt memory one = receipt();
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));
        vm.startPrank(ACCUSER);
        court.accuse(one, signature, keccak256("evidence"));
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AlreadyDisputed.selector, court.receiptDigest(one)));
        court.accuse(one, signature, keccak256("other evidence"));
        vm.stopPrank();
        for (uint256 i = 0; i < 3; ++i) {
            accuse();
        }
        one = receipt();
        signature = signed(MINER_KEY, court.receiptDigest(one));
        vm.prank(ACCUSER);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.TooManyCases.selector, miner, 4));
        court.accuse(one, signature, keccak256("evidence"));

        vm.warp(block.timestamp + 14 days + 1);
        for (uint256 caseId = 1; caseId <= 4; ++caseId) {
            court.expire(caseId);
        }
        vm.assertEq(registry.nodeOf(miner).holds, 0, "released");
        vm.assertEq(court.owedTo(ACCUSER), 400 ether, "bonds back, since nobody judged");
    }

    function test_Accuse_Wrongly_Reverts() public {
        Receipt memory one = receipt();
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));
        bytes memory forged = signed(99, court.receiptDigest(one));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotSignedBy.selector, vm.addr(99), miner));
        court.accuse(one, forged, SALT);
        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.AccuserIsTarget.selector, miner));
        court.accuse(one, signature, SALT);
        one.miner = vm.addr(1);
        bytes memory validators_ = signed(1, court.receiptDigest(one));
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotAMiner.selector, vm.addr(1)));
        court.accuse(one, validators_, SALT);
        one.miner = miner;
        uint256 limit = (uint256(one.epoch) + 1) * EPOCH + 7 days;
        vm.warp(limit + 1);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, limit));
        court.accuse(one, signature, SALT);
    }

    function test_Accuse_TooFewValidators_Reverts() public {
        for (uint256 i = 1; i <= 3; ++i) {
            vm.prank(vm.addr(i));
            registry.unstake(MIN_VALIDATOR);
        }
        Receipt memory one = receipt();
        bytes memory signature = signed(MINER_KEY, court.receiptDigest(one));

        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.TooFewValidators.selector, 2, 3));
        court.accuse(one, signature, SALT);
    }

    function test_Panel_ValidatorsThatLeftSince_AreNotSeated() public {
        uint256 caseId = accuse();
        for (uint256 i = 1; i <= 5; ++i) {
            vm.prank(vm.addr(i));
            registry.unstake(MIN_VALIDATOR);
        }
        panel(caseId);

        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Closed), "nobody can judge");
        vm.assertEq(court.owedTo(ACCUSER), 100 ether, "bond back");
    }

    function test_Steps_OutOfTurn_Revert() public {
        uint256 caseId = accuse();
        bytes memory refusal = abi.encodeWithSelector(DisputeCourt.WrongStage.selector, CaseStage.Anchored);

        vm.expectRevert(refusal);
        court.drawPanel(caseId);
        vm.expectRevert(refusal);
        court.revealEntropy(caseId, SALT, SALT);
        vm.expectRevert(refusal);
        court.commitVerdict(caseId, SALT);
        vm.expectRevert(refusal);
        court.revealVerdict(caseId, Verdict.Guilty, SALT, SALT);
        vm.expectRevert(refusal);
        court.decide(caseId);
        vm.expectRevert(refusal);
        court.appeal(caseId);
        vm.expectRevert(refusal);
        court.conclude(caseId);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, court.caseOf(caseId).anchor + 1));
        court.drawEntropy(caseId);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.WrongStage.selector, CaseStage.None));
        court.expire(77);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, block.timestamp + 14 days + 1));
        court.expire(caseId);
    }

    function test_Constructor_BadParameters_Revert() public {
        CourtParameters memory parameters = courtParameters();
        parameters.registry = INodeRegistry(address(0));
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.caseCap = 0;
        vm.expectRevert(TokenHolder.ZeroAmount.selector);
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.demandBond = 0;
        vm.expectRevert(TokenHolder.ZeroAmount.selector);
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.guiltyShare = 10_001;
        vm.expectRevert(abi.encodeWithSelector(CourtFunds.BadShare.selector, 10_001));
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.appealPanelSize = 7;
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.BadPanelSize.selector, 7, 7));
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.accusationBond = 13 ether;
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.BondTooSmall.selector, 13 ether, 14 ether));
        new DisputeCourt(parameters);

        parameters = courtParameters();
        parameters.caseTime = 2 * (3 hours + 12 hours + 1 days) - 1;
        vm.expectRevert(DisputeCourt.BadWindow.selector);
        new DisputeCourt(parameters);
    }

    function test_Gas_OfACase() public {
        uint256 caseId = accuse();
        vm.snapshotGasLastCall("DisputeCourt", "accuse");
        mineAnchor(caseId);
        court.drawEntropy(caseId);
        vm.snapshotGasLastCall("DisputeCourt", "draw a panel of 7 from 5 validators");
        judge(caseId, Verdict.Guilty);
        vm.snapshotGasLastCall("DisputeCourt", "decide");
        conclude(caseId);
        vm.snapshotGasLastCall("DisputeCourt", "conclude, guilty");
    }
}
