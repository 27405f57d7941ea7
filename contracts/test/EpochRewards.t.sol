// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EpochRewards} from "../src/EpochRewards.sol";
import {EpochRoot} from "../src/EpochRoot.sol";
import {INodeRegistry} from "../src/interfaces/INodeRegistry.sol";
import {MerkleSumTree} from "../src/MerkleSumTree.sol";
import {NodeRole} from "../src/NodeRole.sol";
import {SumProofStep} from "../src/SumProofStep.sol";
import {Grid} from "./support/Grid.sol";
import {SumTree} from "./support/SumTree.sol";

contract EpochRewardsTest is Grid {
    using SumTree for SumTree.Tree;

    uint256 private constant FUNDS = 1000 ether;
    uint64 private epoch;
    uint256[] private keys;

    function setUp() public override {
        super.setUp();
        keys = [uint256(1), 2, 3];
        sortKeys();
        for (uint256 i = 0; i < keys.length; ++i) {
            register(keys[i], NodeRole.Validator, MIN_VALIDATOR);
        }
        token.faucet(address(rewards), FUNDS);
        epoch = registry.currentEpoch();
        vm.warp(rewards.epochEnd(epoch) + 1);
    }

    function test_Claim_AfterTheWindow_PaysEach() public {
        SumTree.Tree memory tree = treeOf(5);
        proposeAndWait(tree);

        for (uint256 i = 0; i < 5; ++i) {
            rewards.claim(account(i), amount(i), tree.root(), tree.proof(i));
            vm.assertEq(token.balanceOf(account(i)), amount(i), "paid");
            vm.assertEq(rewards.claimedOf(account(i)), amount(i), "claimed");
        }

        vm.assertEq(rewards.totalClaimed(), tree.total(), "all");
        vm.assertEq(token.balanceOf(address(rewards)), FUNDS - tree.total(), "the rest stays");
        vm.assertEq(rewards.totalFunded(), FUNDS, "funded");
    }

    function testFuzz_Claim_OfAnyTree_PaysEveryLeafOnce(uint8 count, uint256 seed) public {
        uint256 leaves = bound(count, 1, 33);
        address[] memory accounts = new address[](leaves);
        uint256[] memory amounts = new uint256[](leaves);
        for (uint256 i = 0; i < leaves; ++i) {
            accounts[i] = account(i);
            amounts[i] = bound(uint256(keccak256(abi.encode(seed, i))), 1, FUNDS / leaves);
        }
        SumTree.Tree memory tree = SumTree.build(address(rewards), accounts, amounts);
        proposeAndWait(tree);
        for (uint256 i = 0; i < leaves; ++i) {
            rewards.claim(accounts[i], amounts[i], tree.root(), tree.proof(i));
        }
        vm.assertEq(rewards.totalClaimed(), tree.total(), "all, once");
    }

    function test_Gas_ProposeAndClaim() public {
        SumTree.Tree memory tree = treeOf(16);
        EpochRoot memory proposal = proposalOf(tree);
        bytes[] memory signatures = sign(proposal, 3);
        rewards.propose(proposal, signatures);
        vm.snapshotGasLastCall("EpochRewards", "propose with 3 signatures, first");
        vm.warp(block.timestamp + 1 days);
        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));
        vm.snapshotGasLastCall("EpochRewards", "claim, first of all");
        rewards.claim(account(1), amount(1), tree.root(), tree.proof(1));
        vm.snapshotGasLastCall("EpochRewards", "claim, first of an account");
        for (uint256 round = 0; round < 2; ++round) {
            epoch = registry.currentEpoch() - 1;
            tree = treeOf(16, (round + 2) * 1 ether);
            proposal = proposalOf(tree);
            signatures = sign(proposal, 3);
            rewards.propose(proposal, signatures);
            vm.warp(block.timestamp + 1 days);
        }
        vm.snapshotGasLastCall("EpochRewards", "propose with 3 signatures");
        rewards.claim(account(0), amount(0) + 3 ether, tree.root(), tree.proof(0));
        vm.snapshotGasLastCall("EpochRewards", "claim");
    }

    function test_Claim_Again_Reverts() public {
        SumTree.Tree memory tree = treeOf(5);
        proposeAndWait(tree);
        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));

        SumProofStep[] memory proof = tree.proof(0);
        bytes32 root = tree.root();
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NothingToClaim.selector, account(0), amount(0)));
        rewards.claim(account(0), amount(0), root, proof);
    }

    function test_Claim_NextEpoch_PaysWhatWasAdded() public {
        SumTree.Tree memory tree = treeOf(3);
        proposeAndWait(tree);
        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));
        epoch = registry.currentEpoch() - 1;
        SumTree.Tree memory next = treeOf(3, 5 ether);
        proposeAndWait(next);

        rewards.claim(account(0), amount(0) + 5 ether, next.root(), next.proof(0));
        rewards.claim(account(1), amount(1) + 5 ether, next.root(), next.proof(1));

        vm.assertEq(token.balanceOf(account(0)), amount(0) + 5 ether, "claimed twice, paid once");
        vm.assertEq(token.balanceOf(account(1)), amount(1) + 5 ether, "one proof for both epochs");
    }

    function test_Claim_OfARootThatHasPassed_Reverts() public {
        SumTree.Tree memory tree = treeOf(3);
        proposeAndWait(tree);
        epoch = registry.currentEpoch() - 1;
        proposeAndWait(treeOf(3, 5 ether));

        SumProofStep[] memory proof = tree.proof(0);
        bytes32 root = tree.root();
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.RootNotActive.selector, root));
        rewards.claim(account(0), amount(0), root, proof);
    }

    function test_Claim_WithinTheWindow_UsesTheRootBefore() public {
        SumTree.Tree memory tree = treeOf(3);
        proposeAndWait(tree);
        epoch = registry.currentEpoch() - 1;
        SumTree.Tree memory next = treeOf(3, 5 ether);
        EpochRoot memory proposal = proposalOf(next);
        rewards.propose(proposal, sign(proposal, 3));

        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));
        vm.assertEq(rewards.activeRecord().root, tree.root(), "active");
        vm.assertEq(rewards.pendingRecord().root, next.root(), "pending");
        SumProofStep[] memory proof = next.proof(0);
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.RootNotActive.selector, next.root()));
        rewards.claim(account(0), amount(0) + 5 ether, proposal.root, proof);
    }

    function test_Claim_NothingProposed_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.RootNotActive.selector, bytes32(0)));
        rewards.claim(account(0), 1, bytes32(0), new SumProofStep[](0));
    }

    function testFuzz_Claim_WithAnythingChanged_Reverts(uint256 what, uint256 change) public {
        SumTree.Tree memory tree = treeOf(7);
        proposeAndWait(tree);
        SumProofStep[] memory proof = tree.proof(3);
        address claimant = account(3);
        uint256 cumulative = amount(3);
        what = bound(what, 0, 3);
        change = bound(change, 1, type(uint64).max);
        if (what == 0) {
            cumulative += change;
        } else if (what == 1) {
            claimant = address(uint160(claimant) + uint160(change));
        } else if (what == 2) {
            proof[change % proof.length].sum += change;
        } else {
            proof[change % proof.length].hash ^= bytes32(change);
        }
        (bytes32 found, uint256 sum) = this.rootOf(claimant, cumulative, proof);

        bytes32 root = tree.root();
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NotInTree.selector, found, sum));
        rewards.claim(claimant, cumulative, root, proof);
    }

    /// @dev Attack: a proof of another deployment or another chain.
    function test_Attack_LeafOfAnotherContract_IsRefused() public {
        SumTree.Tree memory tree = SumTree.build(address(0xBAD), accountsOf(3), amountsOf(3, 0));
        proposeAndWait(tree);
        SumProofStep[] memory proof = tree.proof(0);
        (bytes32 found, uint256 sum) = this.rootOf(account(0), amount(0), proof);

        bytes32 root = tree.root();
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NotInTree.selector, found, sum));
        rewards.claim(account(0), amount(0), root, proof);
    }

    /// @dev Attack: a root whose leaves are worth more than the total that was signed for.
    function test_Attack_InflatedLeaf_IsRefuted() public {
        SumTree.Tree memory tree = treeOf(4);
        // The upper nodes say less than what is below them.
        uint256 declared = tree.sums[1][0] - 5 ether;
        bytes32 root = MerkleSumTree.nodeHash(tree.hashes[1][0], declared, tree.hashes[1][1], tree.sums[1][1]);
        EpochRoot memory proposal = EpochRoot(epoch, root, uint128(declared + tree.sums[1][1]), keccak256("inputs"));
        rewards.propose(proposal, sign(proposal, 3));
        SumProofStep[] memory proof = new SumProofStep[](2);
        proof[0] = SumProofStep(tree.hashes[0][1], tree.sums[0][1]);
        proof[1] = SumProofStep(tree.hashes[1][1], tree.sums[1][1]);
        uint256[] memory sums = new uint256[](2);
        (sums[0], sums[1]) = (declared, proposal.total);

        rewards.refuteSum(tree.hashes[0][0], tree.sums[0][0], proof, sums);

        vm.assertTrue(rewards.isCancelled(digestOf(proposal)), "cancelled");
        vm.assertEq(rewards.pendingRecord().root, bytes32(0), "nothing pending");
        bytes[] memory signatures = sign(proposal, 3);
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.RootWasCancelled.selector, digestOf(proposal)));
        rewards.propose(proposal, signatures);
    }

    /// @dev Attack: sums that overflow to a small total.
    function test_Attack_OverflowingSum_IsRefuted() public {
        bytes32 left = MerkleSumTree.leafHash(address(rewards), account(0), type(uint256).max);
        bytes32 right = MerkleSumTree.leafHash(address(rewards), account(1), 6 ether);
        bytes32 root = MerkleSumTree.nodeHash(left, type(uint256).max, right, 6 ether);
        EpochRoot memory proposal = EpochRoot(epoch, root, 6 ether - 1, keccak256("inputs"));
        rewards.propose(proposal, sign(proposal, 3));
        SumProofStep[] memory proof = new SumProofStep[](1);
        proof[0] = SumProofStep(right, 6 ether);
        uint256[] memory sums = new uint256[](1);
        sums[0] = 6 ether - 1;

        rewards.refuteSum(left, type(uint256).max, proof, sums);

        vm.assertTrue(rewards.isCancelled(digestOf(proposal)), "cancelled");
    }

    function test_RefuteSum_OfATrueTree_Reverts() public {
        SumTree.Tree memory tree = treeOf(4);
        EpochRoot memory proposal = proposalOf(tree);
        rewards.propose(proposal, sign(proposal, 3));
        uint256[] memory sums = new uint256[](2);
        (sums[0], sums[1]) = (tree.sums[1][0], tree.sums[2][0]);
        SumProofStep[] memory proof = tree.proof(0);

        vm.expectRevert(EpochRewards.SumsAreTrue.selector);
        rewards.refuteSum(tree.hashes[0][0], tree.sums[0][0], proof, sums);
        sums[1] += 1;
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NotInTree.selector, tree.root(), sums[1]));
        rewards.refuteSum(tree.hashes[0][0], tree.sums[0][0], proof, sums);
        vm.expectRevert(EpochRewards.SumsAreTrue.selector);
        rewards.refuteSum(proposal.root, proposal.total, new SumProofStep[](0), new uint256[](0));
    }

    function test_RefuteSum_NothingPending_Reverts() public {
        vm.expectRevert(EpochRewards.NoRootPending.selector);
        rewards.refuteSum(bytes32(0), 0, new SumProofStep[](0), new uint256[](0));
    }

    function test_Propose_NotMoreThanTwoThirds_Reverts() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 2);

        vm.expectRevert(
            abi.encodeWithSelector(EpochRewards.NotEnoughStake.selector, 2 * MIN_VALIDATOR, 3 * MIN_VALIDATOR)
        );
        rewards.propose(proposal, signatures);
    }

    function test_Propose_TheSameSignerTwice_Reverts() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 3);
        signatures[1] = signatures[0];

        vm.expectRevert(
            abi.encodeWithSelector(EpochRewards.SignersNotAscending.selector, vm.addr(keys[0]), vm.addr(keys[0]))
        );
        rewards.propose(proposal, signatures);
    }

    /// @dev Attack: stake is bought after the epoch, to sign its root.
    function test_Attack_VoteBoughtAfterTheEpoch_CountsNothing() public {
        register(77, NodeRole.Validator, 100 * MIN_VALIDATOR);
        vm.warp(block.timestamp + 1);
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = signed(77, digestOf(proposal));

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NotEnoughStake.selector, 0, 3 * MIN_VALIDATOR));
        rewards.propose(proposal, signatures);
    }

    function test_Attack_MalleableSignature_IsRefused() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 3);
        signatures[0] = malleable(signatures[0]);

        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, highS(signatures[0])));
        rewards.propose(proposal, signatures);
    }

    function test_Propose_EpochThatIsNotOver_Reverts() public {
        epoch = registry.currentEpoch();
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 3);

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.EpochNotOver.selector, epoch, rewards.epochEnd(epoch)));
        rewards.propose(proposal, signatures);
    }

    function test_Propose_WhileOneIsPending_Reverts() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 3);
        rewards.propose(proposal, signatures);

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.RootPending.selector, epoch, block.timestamp + 1 days));
        rewards.propose(proposal, signatures);
    }

    function test_Propose_AnEpochThatIsNotNew_Reverts() public {
        proposeAndWait(treeOf(3));
        EpochRoot memory proposal = proposalOf(treeOf(3, 1));
        bytes[] memory signatures = sign(proposal, 3);

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.EpochNotNew.selector, epoch, epoch));
        rewards.propose(proposal, signatures);
    }

    function test_Propose_LessThanBefore_Reverts() public {
        SumTree.Tree memory tree = treeOf(3, 2 ether);
        proposeAndWait(tree);
        epoch = registry.currentEpoch() - 1;
        EpochRoot memory proposal = proposalOf(treeOf(3));
        bytes[] memory signatures = sign(proposal, 3);

        vm.expectRevert(
            abi.encodeWithSelector(EpochRewards.TotalShrinks.selector, proposal.total, uint128(tree.total()))
        );
        rewards.propose(proposal, signatures);
    }

    function test_Propose_MoreThanTheFunds_Reverts() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        proposal.total = uint128(FUNDS + 1);
        bytes[] memory signatures = sign(proposal, 3);

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.TotalOverFunds.selector, FUNDS + 1, FUNDS));
        rewards.propose(proposal, signatures);
    }

    function test_Veto_MoreThanAThird_CancelsAndTheEpochCanBeProposedAnew() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        rewards.propose(proposal, sign(proposal, 3));
        vm.prank(vm.addr(keys[0]));
        rewards.veto();
        vm.assertEq(rewards.vetoStakeOf(digestOf(proposal)), MIN_VALIDATOR, "a third");
        vm.assertEq(rewards.pendingRecord().root, proposal.root, "is not more than a third");

        vm.prank(vm.addr(keys[1]));
        rewards.veto();

        vm.assertEq(rewards.pendingRecord().root, bytes32(0), "cancelled");
        SumTree.Tree memory other = treeOf(3, 1 ether);
        proposeAndWait(other);
        rewards.claim(account(0), amount(0) + 1 ether, other.root(), other.proof(0));
    }

    function test_Veto_AfterARootIsActive_LeavesThatOne() public {
        SumTree.Tree memory tree = treeOf(3);
        proposeAndWait(tree);
        epoch = registry.currentEpoch() - 1;
        EpochRoot memory proposal = proposalOf(treeOf(3, 1 ether));
        rewards.propose(proposal, sign(proposal, 3));
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(vm.addr(keys[i]));
            rewards.veto();
        }

        vm.assertEq(rewards.activeRecord().root, tree.root(), "the one before");
        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));
    }

    function test_Veto_TwiceOrByNobody_Reverts() public {
        EpochRoot memory proposal = proposalOf(treeOf(3));
        rewards.propose(proposal, sign(proposal, 3));
        vm.startPrank(vm.addr(keys[0]));
        rewards.veto();

        vm.expectRevert(abi.encodeWithSelector(EpochRewards.AlreadyVetoed.selector, vm.addr(keys[0])));
        rewards.veto();
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(EpochRewards.NoVotingStake.selector, address(this)));
        rewards.veto();
    }

    function test_Veto_NothingPending_Reverts() public {
        vm.expectRevert(EpochRewards.NoRootPending.selector);
        rewards.veto();
    }

    /// @dev A tree that gives one account two leaves pays it once, and no more than the total to all.
    function test_Claim_OfLeavesWorthMoreThanTheTotal_StopsAtTheTotal() public {
        // Two trees under two roots of the same total: in the second, what the first has paid goes to another.
        SumTree.Tree memory tree = treeOf(2);
        proposeAndWait(tree);
        rewards.claim(account(0), amount(0), tree.root(), tree.proof(0));
        rewards.claim(account(1), amount(1), tree.root(), tree.proof(1));
        epoch = registry.currentEpoch() - 1;
        address[] memory accounts = new address[](2);
        (accounts[0], accounts[1]) = (address(0xA), address(0xB));
        SumTree.Tree memory other = SumTree.build(address(rewards), accounts, amountsOf(2, 0));
        proposeAndWait(other);

        SumProofStep[] memory proof = other.proof(0);
        bytes32 root = other.root();
        vm.expectRevert(
            abi.encodeWithSelector(
                EpochRewards.ClaimsOverTotal.selector, tree.total() + amount(0), uint128(tree.total())
            )
        );
        rewards.claim(address(0xA), amount(0), root, proof);
    }

    function test_Constructor_BadParameters_Revert() public {
        vm.expectRevert(EpochRewards.ZeroAddress.selector);
        new EpochRewards(token, INodeRegistry(address(0)), 1);
        vm.expectRevert(EpochRewards.NoChallengeWindow.selector);
        new EpochRewards(token, registry, 0);
    }

    function rootOf(address claimant, uint256 cumulative, SumProofStep[] calldata proof)
        external
        view
        returns (bytes32, uint256)
    {
        return MerkleSumTree.rootOf(MerkleSumTree.leafHash(address(rewards), claimant, cumulative), cumulative, proof);
    }

    function account(uint256 i) private pure returns (address) {
        return address(uint160(0xACC0000 + i));
    }

    function amount(uint256 i) private pure returns (uint256) {
        return (i + 1) * 2 ether;
    }

    function accountsOf(uint256 count) private pure returns (address[] memory accounts) {
        accounts = new address[](count);
        for (uint256 i = 0; i < count; ++i) {
            accounts[i] = account(i);
        }
    }

    function amountsOf(uint256 count, uint256 more) private pure returns (uint256[] memory amounts) {
        amounts = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            amounts[i] = amount(i) + more;
        }
    }

    function treeOf(uint256 count) private view returns (SumTree.Tree memory) {
        return treeOf(count, 0);
    }

    function treeOf(uint256 count, uint256 more) private view returns (SumTree.Tree memory) {
        return SumTree.build(address(rewards), accountsOf(count), amountsOf(count, more));
    }

    function proposalOf(SumTree.Tree memory tree) private view returns (EpochRoot memory) {
        return EpochRoot(epoch, tree.root(), uint128(tree.total()), keccak256("inputs"));
    }

    function digestOf(EpochRoot memory proposal) private view returns (bytes32) {
        return rewards.rootDigest(proposal);
    }

    function sign(EpochRoot memory proposal, uint256 count) private view returns (bytes[] memory signatures) {
        signatures = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            signatures[i] = signed(keys[i], digestOf(proposal));
        }
    }

    function proposeAndWait(SumTree.Tree memory tree) private {
        EpochRoot memory proposal = proposalOf(tree);
        rewards.propose(proposal, sign(proposal, 3));
        vm.warp(block.timestamp + 1 days);
    }

    function sortKeys() private {
        for (uint256 i = 0; i < keys.length; ++i) {
            for (uint256 j = i + 1; j < keys.length; ++j) {
                if (vm.addr(keys[j]) < vm.addr(keys[i])) {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                }
            }
        }
    }
}
