// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ObjectiveFaults} from "../src/court/ObjectiveFaults.sol";
import {Verdict} from "../src/court/Verdict.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {CourtGrid} from "./support/CourtGrid.sol";

/// @notice Who may appeal, what that costs, and whose verdict stands.
contract CourtAppealsTest is CourtGrid {
    function test_Appeal_OfTheTarget_Won_TurnsTheCase() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        vm.prank(miner);
        court.appeal(caseId);
        sit(caseId, Verdict.Innocent);
        court.conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), STAKE, "the stake is whole");
        // Those who sat on the first panel and judged otherwise get nothing of this.
        uint256 seats = 21;
        vm.assertEq(court.owedTo(miner), 200 ether + (100 ether - seats * 1 ether) / 2, "bond and amends");
        vm.assertEq(court.owedTo(ACCUSER), 0, "the bond is lost");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    function test_Appeal_OfTheTarget_Lost_CostsMore() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        vm.prank(miner);
        court.appeal(caseId);
        sit(caseId, Verdict.Guilty);
        court.conclude(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "slashed once");
        vm.assertEq(token.balanceOf(court.BURNED()), 257 ether, "and the appeal bond is burned");
        vm.assertEq(court.owedTo(miner), 0, "nothing back");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    function test_Appeal_OfTheAccuser_Won_GivesBothBondsBack() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Innocent);
        vm.prank(ACCUSER);
        court.appeal(caseId);
        sit(caseId, Verdict.Guilty);
        court.conclude(caseId);

        vm.assertEq(court.owedTo(ACCUSER), 300 ether + 60 ether - 21 ether, "bonds and reward");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    /// @dev Attack: appeals without end. There is one, and a lost one costs its bond.
    function test_Attack_AppealSpam_LosesBothBonds() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Innocent);
        vm.prank(ACCUSER);
        court.appeal(caseId);
        sit(caseId, Verdict.Innocent);

        vm.prank(ACCUSER);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.NoMoreAppeals.selector, caseId));
        court.appeal(caseId);
        court.conclude(caseId);

        vm.assertEq(court.owedTo(ACCUSER), 0, "both bonds are lost");
        vm.assertTrue(court.owedTo(miner) > 100 ether, "amends for both");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    function test_Appeal_ByTheWrongOneOrTooLate_Reverts() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        uint64 deadline = court.caseOf(caseId).deadline;

        vm.prank(ACCUSER);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.NotTheLoser.selector, ACCUSER));
        court.appeal(caseId);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, deadline + 1));
        court.conclude(caseId);
        vm.warp(deadline + 1);
        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, deadline));
        court.appeal(caseId);
    }

    function test_Appeal_NothingDecided_IsForEither() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.CannotVerify);
        vm.prank(miner);
        court.appeal(caseId);
        sit(caseId, Verdict.CannotVerify);
        court.conclude(caseId);

        vm.assertEq(court.owedTo(miner), 200 ether, "bond back");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing is left over");
    }

    /// @dev Attack: who was found guilty appeals, and nobody draws the second panel.
    function test_Attack_WaitingOutAnAppeal_KeepsTheVerdict() public {
        uint256 caseId = accuse();
        sit(caseId, Verdict.Guilty);
        vm.prank(miner);
        court.appeal(caseId);
        vm.warp(block.timestamp + 30 days);

        court.expire(caseId);

        vm.assertEq(registry.slashableStakeOf(miner), 280 ether, "slashed");
        vm.assertEq(court.owedTo(miner), 200 ether, "the appeal's bond back");
    }

    function test_Panel_OfTheAppeal_IsOfTheFirstTooIfTooFewAreLeft() public {
        uint256 caseId = accuse();

        (address[] memory first, address[] memory second) = bothPanels(caseId);

        // Of five validators at most two were left over.
        vm.assertTrue(first.length >= 3, "seven seats among five");
        vm.assertEq(seatsOf(caseId, 1, second), 21, "all seats");
    }
}
