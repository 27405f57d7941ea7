// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CaseStage} from "../src/court/CaseStage.sol";
import {Entropy} from "../src/court/Entropy.sol";
import {ObjectiveFaults} from "../src/court/ObjectiveFaults.sol";
import {PanelDraw} from "../src/court/PanelDraw.sol";
import {Verdict} from "../src/court/Verdict.sol";
import {CourtGrid} from "./support/CourtGrid.sol";

/// @notice Where the randomness of panels is from.
contract CourtEntropyTest is CourtGrid {
    using PanelDraw for PanelDraw.Urn;

    bytes32 private constant NEXT = keccak256("next");

    function setUp() public override {
        super.setUp();
        for (uint256 i = 1; i <= validators; ++i) {
            vm.prank(vm.addr(i));
            court.commitEntropy(keccak256(abi.encode(valueOf(vm.addr(i)))));
        }
        vm.warp(block.timestamp + 1);
    }

    function test_Draw_AllTell_SeatsThePanelAtOnce() public {
        uint256 caseId = draw();
        Entropy.Provider[] memory providers = court.providersOf(court.drawIdOf(caseId));
        vm.assertEq(providers.length, 3, "three");
        bytes32 seed = court.caseOf(caseId).seed;
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(commitmentOf(providers[i].account), bytes32(0), "taken away");
            tell(caseId, providers[i].account);
            vm.assertEq(commitmentOf(providers[i].account), NEXT, "another is left");
        }

        court.drawPanel(caseId);

        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Panel), "stage");
        for (uint256 i = 0; i < 3; ++i) {
            seed = keccak256(abi.encode(seed, valueOf(providers[i].account)));
        }
        vm.assertEq(court.caseOf(caseId).seed, seed, "every value is in the seed");
    }

    function test_Draw_OneDoesNotTell_PaysAndThePanelIsSeatedAfterTheWindow() public {
        uint256 caseId = draw();
        Entropy.Provider[] memory providers = court.providersOf(court.drawIdOf(caseId));
        tell(caseId, providers[0].account);
        tell(caseId, providers[2].account);
        uint64 deadline = court.caseOf(caseId).deadline;
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, deadline + 1));
        court.drawPanel(caseId);
        vm.warp(deadline + 1);
        vm.prank(providers[1].account);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, deadline));
        court.revealEntropy(caseId, valueOf(providers[1].account), NEXT);

        court.drawPanel(caseId);

        vm.assertEq(registry.slashableStakeOf(providers[1].account), 990 ether, "a hundredth is gone");
        vm.assertEq(token.balanceOf(court.BURNED()), 10 ether, "and is nobody's gain");
        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Panel), "stage");
    }

    function test_Draw_OfAnAppeal_IsOfThoseWhoStillStandAndHasDrawsOfItsOwn() public {
        uint256 caseId = draw();
        bytes32 drawId = court.drawIdOf(caseId);
        for (uint256 i = 0; i < 3; ++i) {
            tell(caseId, court.providersOf(drawId)[i].account);
        }
        court.drawPanel(caseId);
        judge(caseId, Verdict.Guilty);
        vm.prank(miner);
        court.appeal(caseId);
        mineAnchor(caseId);
        court.drawEntropy(caseId);
        bytes32 appealId = court.drawIdOf(caseId);

        vm.assertTrue(appealId != drawId, "another draw");
        Entropy.Provider[] memory providers = court.providersOf(appealId);
        vm.assertEq(providers.length, 2, "what was left since the accusation does not count");
        for (uint256 i = 0; i < 2; ++i) {
            tell(caseId, providers[i].account);
        }
        court.drawPanel(caseId);

        vm.assertEq(seatsOf(caseId, 1, court.membersOf(caseId, 1)), 21, "the second panel");
    }

    function test_Draw_NobodyTells_OthersAreDrawnAndTheCaseStillEnds() public {
        uint256 caseId = draw();
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.drawPanel(caseId);
        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Anchored), "another draw");

        mineAnchor(caseId);
        court.drawEntropy(caseId);
        vm.assertEq(court.providersOf(court.drawIdOf(caseId)).length, 2, "the two that are left");
        vm.warp(court.caseOf(caseId).deadline + 1);
        court.drawPanel(caseId);
        mineAnchor(caseId);
        court.drawEntropy(caseId);

        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Panel), "by the block alone");
    }

    function test_Reveal_OfAnythingElse_Reverts() public {
        uint256 caseId = draw();
        Entropy.Provider[] memory providers = court.providersOf(court.drawIdOf(caseId));

        vm.expectRevert(abi.encodeWithSelector(Entropy.NoEntropyDue.selector, address(this)));
        court.revealEntropy(caseId, NEXT, NEXT);
        vm.startPrank(providers[0].account);
        vm.expectRevert(abi.encodeWithSelector(Entropy.EntropyDoesNotFit.selector, providers[0].account));
        court.revealEntropy(caseId, NEXT, NEXT);
        vm.expectRevert(Entropy.ZeroValue.selector);
        court.revealEntropy(caseId, bytes32(0), NEXT);
        vm.expectRevert(Entropy.ZeroValue.selector);
        court.revealEntropy(caseId, valueOf(providers[0].account), bytes32(0));
    }

    function test_Commit_ByNoValidator_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotAValidator.selector, address(this)));
        court.commitEntropy(NEXT);
    }

    /// @dev Attack: a value is left after the accusation, when the block is known. Those that were drawn before have none.
    function test_Attack_EntropyLeftAfterTheAccusation_IsNotDrawn() public {
        uint256 earlier = draw();
        Entropy.Provider[] memory late = court.providersOf(court.drawIdOf(earlier));
        uint256 caseId = accuse();
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(late[i].account);
            court.commitEntropy(NEXT);
        }
        mineAnchor(caseId);
        court.drawEntropy(caseId);

        Entropy.Provider[] memory providers = court.providersOf(court.drawIdOf(caseId));
        vm.assertEq(providers.length, 2, "those who had left one before");
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertTrue(
                late[i].account != providers[0].account && late[i].account != providers[1].account,
                "nobody who was late"
            );
        }
    }

    /// @dev Attack: who would be drawn puts another value in the place of the one that stands, and so leaves the draw and chooses
    /// between two seeds.
    function test_Attack_EntropyReplacedWhenTheBlockIsKnown_Reverts() public {
        uint256 caseId = accuse();
        mineAnchor(caseId);
        for (uint256 i = 1; i <= validators; ++i) {
            vm.prank(vm.addr(i));
            vm.expectRevert(abi.encodeWithSelector(Entropy.AlreadyCommitted.selector, vm.addr(i)));
            court.commitEntropy(NEXT);
        }
        court.drawEntropy(caseId);

        vm.assertEq(court.providersOf(court.drawIdOf(caseId)).length, 3, "all are drawn from");
    }

    /// @dev Attack: the same by the value that a reveal leaves: it does not replace one that was left meanwhile.
    function test_Attack_EntropyReplacedByAReveal_Stands() public {
        uint256 caseId = draw();
        address provider = court.providersOf(court.drawIdOf(caseId))[0].account;
        bytes32 meanwhile = keccak256("meanwhile");
        vm.prank(provider);
        court.commitEntropy(meanwhile);
        tell(caseId, provider);

        vm.assertEq(commitmentOf(provider), meanwhile, "the first stands");
    }

    /// @dev Attack: wait until the block's hash is gone, for another draw. Anyone draws within 256 blocks; and who waits gets
    /// a block that nobody knows yet.
    function test_Attack_RerolledRandomness_AnchorsALaterBlock() public {
        uint256 caseId = accuse();
        uint256 anchor = court.caseOf(caseId).anchor;
        vm.roll(anchor + 257);

        court.drawEntropy(caseId);

        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Anchored), "still waits");
        vm.assertEq(court.caseOf(caseId).anchor, block.number + 4, "for a block to come");
    }

    /// @dev Attack: stake is split over many keys to sit on more seats.
    function test_Attack_StakeSplitOverManyKeys_GainsNoSeats() public pure {
        PanelDraw.Urn memory whole = urnOf(1);
        PanelDraw.Urn memory split = urnOf(50);
        (uint256 wholeSeats, uint256 splitSeats) = (0, 0);
        for (uint256 i = 0; i < 4000; ++i) {
            wholeSeats += whole.draw(keccak256("seed"), i) < 1 ? 1 : 0;
            splitSeats += split.draw(keccak256("seed"), i) < 50 ? 1 : 0;
        }
        // A quarter of the stake: 1000 seats of 4000 on average, with a standard deviation of 27.
        vm.assertGe(wholeSeats, 860, "one key");
        vm.assertLe(wholeSeats, 1140, "one key");
        vm.assertGe(splitSeats, 860, "many keys");
        vm.assertLe(splitSeats, 1140, "many keys");
    }

    function urnOf(uint256 keys) private pure returns (PanelDraw.Urn memory urn) {
        urn.accounts = new address[](keys + 3);
        urn.weights = new uint256[](keys + 3);
        for (uint256 i = 0; i < keys + 3; ++i) {
            urn.weights[i] = i < keys ? 1000 ether / keys : 1000 ether;
            urn.total += urn.weights[i];
        }
        urn.count = keys + 3;
    }

    function draw() private returns (uint256 caseId) {
        caseId = accuse();
        mineAnchor(caseId);
        court.drawEntropy(caseId);
        vm.assertEq(uint256(court.caseOf(caseId).stage), uint256(CaseStage.Entropy), "stage");
    }

    function tell(uint256 caseId, address provider) private {
        vm.prank(provider);
        court.revealEntropy(caseId, valueOf(provider), NEXT);
    }

    function commitmentOf(address account) private view returns (bytes32 commitment) {
        (commitment,) = court.standingOf(account);
    }

    function valueOf(address account) private pure returns (bytes32) {
        return keccak256(abi.encode("value", account));
    }
}
