// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {CourtFunds} from "../src/court/CourtFunds.sol";
import {ObjectiveFaults} from "../src/court/ObjectiveFaults.sol";
import {Receipt} from "../src/court/Receipt.sol";
import {Verdict} from "../src/court/Verdict.sol";
import {VerdictCommitment} from "../src/court/VerdictCommitment.sol";
import {VerdictReveal} from "../src/court/VerdictReveal.sol";
import {NodeRole} from "../src/NodeRole.sol";
import {Grid} from "./support/Grid.sol";

/// @notice Faults that signatures prove.
contract CourtFaultsTest is Grid {
    uint256 private constant MINER_KEY = 21;
    uint256 private constant VALIDATOR_KEY = 22;
    address private constant PAYER = address(0xDE7);
    address private constant REPORTER = address(0x4E9);
    address private miner;
    address private validator;

    function setUp() public override {
        super.setUp();
        miner = register(MINER_KEY, NodeRole.Miner, MIN_MINER);
        validator = register(VALIDATOR_KEY, NodeRole.Validator, MIN_VALIDATOR);
        fund(REPORTER, 10 ether, address(court));
    }

    function test_DoubleReceipt_Proved_IsSlashedAndSplit() public {
        (Receipt memory one, Receipt memory other) = receipts();

        prove(one, other);

        vm.assertEq(registry.slashableStakeOf(miner), 50 ether, "half is gone");
        vm.assertEq(court.owedTo(REPORTER), 25 ether, "half of that to the reporter");
        vm.assertEq(court.owedTo(PAYER), 3 ether, "the harm to the payer");
        vm.assertEq(token.balanceOf(court.BURNED()), 22 ether, "the rest is burned");
        vm.assertEq(token.balanceOf(address(court)), court.totalOwed(), "nothing else is here");
        vm.prank(REPORTER);
        court.withdraw();
        vm.assertEq(token.balanceOf(REPORTER), 35 ether, "paid");
    }

    /// @dev Attack: the same pair is shown again, in either order, to slash twice.
    function test_Attack_SlashTwiceWithOnePair_IsRefused() public {
        (Receipt memory one, Receipt memory other) = receipts();
        prove(one, other);
        bytes memory signature = sign(one);
        bytes memory otherSignature = sign(other);

        vm.expectRevert(
            abi.encodeWithSelector(
                ObjectiveFaults.AlreadyJudged.selector, keccak256(abi.encode("double receipt", miner, one.job))
            )
        );
        court.proveDoubleReceipt(other, otherSignature, one, signature);
    }

    /// @dev Attack: a miner commits a fault to get its own stake out through another account.
    function testFuzz_Attack_ReportingOneself_LosesAQuarterOrMore(uint256 stake, uint256 price) public {
        stake = bound(stake, MIN_MINER, 100_000 ether);
        address cheat = register(31, NodeRole.Miner, stake);
        (Receipt memory one, Receipt memory other) = receipts();
        (one.miner, other.miner, one.price) = (cheat, cheat, price);
        bytes memory signature = signed(31, court.receiptDigest(one));
        bytes memory otherSignature = signed(31, court.receiptDigest(other));

        vm.prank(REPORTER);
        court.proveDoubleReceipt(one, signature, other, otherSignature);

        uint256 taken = stake - registry.slashableStakeOf(cheat);
        uint256 back = court.owedTo(REPORTER) + court.owedTo(PAYER);
        vm.assertTrue(taken > 0 && 4 * back <= 3 * taken, "at least a quarter is burned");
        vm.assertLe(taken, 500 ether, "the cap");
    }

    function test_DoubleReceipt_OfTwoPayers_HarmsNobodyProvably() public {
        (Receipt memory one, Receipt memory other) = receipts();
        other.payer = address(0xDE8);

        prove(one, other);

        vm.assertEq(court.owedTo(PAYER), 0, "payer");
        vm.assertEq(token.balanceOf(court.BURNED()), 25 ether, "burned");
    }

    function test_DoubleReceipt_NotADouble_Reverts() public {
        (Receipt memory one, Receipt memory other) = receipts();
        bytes memory signature = sign(one);

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.SameReceipt.selector, one.job));
        court.proveDoubleReceipt(one, signature, one, signature);
        bytes32 job = one.job;
        other.job = keccak256("another job");
        bytes memory otherSignature = sign(other);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotTwoReceipts.selector, job, other.job, miner, miner));
        court.proveDoubleReceipt(one, signature, other, otherSignature);
    }

    function test_DoubleReceipt_NotSignedByTheMiner_Reverts() public {
        (Receipt memory one, Receipt memory other) = receipts();
        bytes memory signature = sign(one);
        bytes memory forged = signed(99, court.receiptDigest(other));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotSignedBy.selector, vm.addr(99), miner));
        court.proveDoubleReceipt(one, signature, other, forged);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotSignedBy.selector, vm.addr(99), miner));
        court.proveDoubleReceipt(other, forged, one, signature);
    }

    function test_DoubleReceipt_OfNoMiner_Reverts() public {
        (Receipt memory one, Receipt memory other) = receipts();
        (one.miner, other.miner) = (vm.addr(99), vm.addr(99));
        bytes memory signature = signed(99, court.receiptDigest(one));
        bytes memory otherSignature = signed(99, court.receiptDigest(other));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotAMiner.selector, vm.addr(99)));
        court.proveDoubleReceipt(one, signature, other, otherSignature);
    }

    function test_Attack_ReceiptOfAnotherChain_IsRefused() public {
        (Receipt memory one, Receipt memory other) = receipts();
        bytes memory signature = sign(one);
        bytes memory otherSignature = sign(other);
        vm.chainId(1029);
        address signer = ECDSA.recover(court.receiptDigest(one), signature);

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotSignedBy.selector, signer, miner));
        court.proveDoubleReceipt(one, signature, other, otherSignature);
    }

    function test_Attack_MalleableSignature_IsRefused() public {
        (Receipt memory one, Receipt memory other) = receipts();
        bytes memory signature = malleable(sign(one));
        bytes memory otherSignature = sign(other);

        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, highS(signature)));
        court.proveDoubleReceipt(one, signature, other, otherSignature);
    }

    function test_FalseReveal_Proved_IsSlashed() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = verdict(Verdict.Guilty);
        reveal.verdict = Verdict.Innocent;
        bytes memory signature = signed(VALIDATOR_KEY, court.commitmentDigest(promise_));
        bytes memory revealSignature = signed(VALIDATOR_KEY, court.revealDigest(reveal));

        vm.prank(REPORTER);
        court.proveFalseReveal(promise_, signature, reveal, revealSignature);

        vm.assertEq(registry.slashableStakeOf(validator), 800 ether, "a fifth is gone");
        vm.assertEq(court.owedTo(REPORTER), 100 ether, "reporter");
        vm.assertEq(token.balanceOf(court.BURNED()), 100 ether, "burned");
        vm.expectRevert(
            abi.encodeWithSelector(
                ObjectiveFaults.AlreadyJudged.selector, keccak256(abi.encode("false reveal", validator, promise_.audit))
            )
        );
        court.proveFalseReveal(promise_, signature, reveal, revealSignature);
    }

    /// @notice Whichever promise the validator keeps, its signed reveal does not fit the other one.
    function test_Attack_TwoPromisesForOneAudit_IsAFalseReveal() public {
        (VerdictCommitment memory kept, VerdictReveal memory reveal) = verdict(Verdict.Guilty);
        VerdictCommitment memory broken =
            VerdictCommitment(kept.audit, kept.validator, keccak256("another verdict"), kept.revealBy);
        bytes memory signature = signed(VALIDATOR_KEY, court.commitmentDigest(broken));
        bytes memory revealSignature = signed(VALIDATOR_KEY, court.revealDigest(reveal));

        vm.prank(REPORTER);
        court.proveFalseReveal(broken, signature, reveal, revealSignature);

        vm.assertEq(registry.slashableStakeOf(validator), 800 ether, "a fifth is gone");
    }

    function test_FalseReveal_OfATrueOne_Reverts() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = verdict(Verdict.Guilty);
        bytes memory signature = signed(VALIDATOR_KEY, court.commitmentDigest(promise_));
        bytes memory revealSignature = signed(VALIDATOR_KEY, court.revealDigest(reveal));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.RevealFits.selector, promise_.audit));
        court.proveFalseReveal(promise_, signature, reveal, revealSignature);
        bytes32 audit = reveal.audit;
        reveal.audit = keccak256("another");
        vm.expectRevert(
            abi.encodeWithSelector(ObjectiveFaults.NotOneAudit.selector, audit, reveal.audit, validator, validator)
        );
        court.proveFalseReveal(promise_, signature, reveal, revealSignature);
    }

    function test_FalseReveal_OfNoValidator_Reverts() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = verdict(Verdict.Guilty);
        (promise_.validator, reveal.validator) = (miner, miner);
        bytes memory signature = signed(MINER_KEY, court.commitmentDigest(promise_));
        bytes memory revealSignature = signed(MINER_KEY, court.revealDigest(reveal));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotAValidator.selector, miner));
        court.proveFalseReveal(promise_, signature, reveal, revealSignature);
    }

    function test_Demand_Answered_GivesTheBondToTheValidator() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = demanded();

        court.answerDemand(promise_, reveal);

        vm.assertEq(court.owedTo(validator), 1 ether, "bond");
        vm.assertEq(registry.slashableStakeOf(validator), MIN_VALIDATOR, "stake");
        vm.assertEq(registry.nodeOf(validator).holds, 0, "released");
        vm.expectRevert(
            abi.encodeWithSelector(ObjectiveFaults.NotDemanded.selector, keccak256(abi.encode("silence", promise_)))
        );
        court.answerDemand(promise_, reveal);
    }

    function test_Demand_NotAnswered_IsSlashed() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = demanded();
        uint256 deadline = block.timestamp + 6 hours;

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotYet.selector, deadline + 1));
        court.judgeSilence(promise_);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, deadline));
        court.answerDemand(promise_, reveal);
        court.judgeSilence(promise_);

        vm.assertEq(registry.slashableStakeOf(validator), 990 ether, "a hundredth is gone");
        vm.assertEq(court.owedTo(REPORTER), 6 ether, "the bond and half of that");
        vm.assertEq(registry.nodeOf(validator).holds, 0, "released");
        vm.expectRevert(
            abi.encodeWithSelector(ObjectiveFaults.NotDemanded.selector, keccak256(abi.encode("silence", promise_)))
        );
        court.judgeSilence(promise_);
    }

    function test_Demand_TooEarlyTooLateOrAgain_Reverts() public {
        (VerdictCommitment memory promise_,) = verdict(Verdict.Guilty);
        bytes memory signature = signed(VALIDATOR_KEY, court.commitmentDigest(promise_));
        vm.startPrank(REPORTER);

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.NotDueYet.selector, promise_.revealBy));
        court.demandReveal(promise_, signature);
        vm.warp(promise_.revealBy + 7 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.TooLate.selector, promise_.revealBy + 7 days));
        court.demandReveal(promise_, signature);
        vm.warp(promise_.revealBy + 7 days);
        court.demandReveal(promise_, signature);
        vm.expectRevert(
            abi.encodeWithSelector(ObjectiveFaults.AlreadyDemanded.selector, keccak256(abi.encode("silence", promise_)))
        );
        court.demandReveal(promise_, signature);
    }

    function test_Answer_ThatDoesNotFit_Reverts() public {
        (VerdictCommitment memory promise_, VerdictReveal memory reveal) = demanded();
        reveal.salt = bytes32(uint256(1));

        vm.expectRevert(abi.encodeWithSelector(ObjectiveFaults.RevealDoesNotFit.selector, promise_.audit));
        court.answerDemand(promise_, reveal);
    }

    function test_Withdraw_NothingOwed_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(CourtFunds.NothingOwed.selector, address(this)));
        court.withdraw();
    }

    function demanded() private returns (VerdictCommitment memory promise_, VerdictReveal memory reveal) {
        (promise_, reveal) = verdict(Verdict.Guilty);
        vm.warp(promise_.revealBy + 1);
        bytes memory signature = signed(VALIDATOR_KEY, court.commitmentDigest(promise_));
        vm.prank(REPORTER);
        court.demandReveal(promise_, signature);
        vm.assertEq(registry.nodeOf(validator).holds, 1, "held");
    }

    function verdict(Verdict what)
        private
        view
        returns (VerdictCommitment memory promise_, VerdictReveal memory reveal)
    {
        reveal = VerdictReveal(keccak256("audit"), validator, what, keccak256("numbers"), keccak256("salt"));
        promise_ = VerdictCommitment(
            reveal.audit, validator, keccak256(abi.encode(reveal)), uint64(block.timestamp + 1 hours)
        );
    }

    function receipts() private view returns (Receipt memory one, Receipt memory other) {
        one = Receipt({
            job: keccak256("job"),
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
        other = Receipt({
            job: one.job,
            miner: miner,
            payer: PAYER,
            profileHash: one.profileHash,
            promptHash: one.promptHash,
            outputHash: keccak256("another output"),
            promptTokens: 10,
            completionTokens: 25,
            price: 4 ether,
            commitmentRoot: one.commitmentRoot,
            epoch: one.epoch
        });
    }

    function sign(Receipt memory receipt) private view returns (bytes memory) {
        return signed(MINER_KEY, court.receiptDigest(receipt));
    }

    function prove(Receipt memory one, Receipt memory other) private {
        bytes memory signature = sign(one);
        bytes memory otherSignature = sign(other);
        vm.prank(REPORTER);
        court.proveDoubleReceipt(one, signature, other, otherSignature);
    }
}
