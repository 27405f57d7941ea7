// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeRole} from "../src/NodeRole.sol";
import {Actions} from "./support/Actions.sol";
import {Grid} from "./support/Grid.sol";

/// @notice What holds whatever happens, in any order.
contract InvariantsTest is Grid {
    Actions private actions;

    function setUp() public override {
        super.setUp();
        actions = new Actions(token, registry, escrow, rewards, court);
        targetContract(address(actions));
    }

    /// @notice The actions get somewhere: each of them can succeed, so what is below is of states that are really reached.
    function test_Actions_InOrder_AllSucceed() public {
        actions.stake(4, 5000 ether, false);
        actions.unstake(4, 1000 ether);
        actions.slash(4, 100 ether);
        actions.deposit(0, 4, 900 ether);
        actions.collect(0, 4, 500 ether, 0);
        actions.thaw(0, 4, 100 ether);
        for (uint256 i = 0; i < 30; ++i) {
            actions.pass(1 days);
        }
        actions.withdrawStake(4);
        actions.withdrawDeposit(0, 4);
        actions.propose(7);
        actions.claim(0, 0);
        vm.assertTrue(
            actions.unstaked() > 0 && actions.slashed() > 0 && actions.withdrawn() > 0 && actions.funded() > 0
                && actions.collectorShares() > 0 && actions.proposals() == 1 && actions.claims() == 1,
            "an action did nothing"
        );
        invariant_Stakes_AreAllAccountedFor();
        invariant_Deposits_AreAllAccountedFor();
        invariant_Roots_AreCovered();
        invariant_NoAccount_ClaimsTwice();
    }

    /// @notice Slashed, staked and withdrawn are together what was ever staked.
    function invariant_Stakes_AreAllAccountedFor() public view {
        uint256 staked = 0;
        uint256 validatorStake = 0;
        for (uint256 i = 0; i < actions.count(); ++i) {
            address account = actions.account(i);
            uint256 active = registry.activeStakeOf(account);
            NodeRole role = registry.roleOf(account);
            staked += registry.slashableStakeOf(account);
            validatorStake += role == NodeRole.Validator ? active : 0;
            vm.assertTrue(
                active == 0 || active >= registry.minimumOf(role) / 2, "active stake is nothing or half the minimum"
            );
        }
        vm.assertEq(staked + actions.slashed() + actions.unstaked(), actions.staked(), "stakes");
        vm.assertEq(token.balanceOf(address(registry)), staked, "and the tokens are there");
        vm.assertEq(actions.validatorStakeNow(), validatorStake, "the validators' total");
    }

    /// @notice Every token that was deposited is in the escrow, burned, a front's, the pool's, claimed or back.
    function invariant_Deposits_AreAllAccountedFor() public view {
        uint256 balances = 0;
        for (uint256 i = 0; i < actions.count(); ++i) {
            for (uint256 j = 0; j < actions.count(); ++j) {
                balances += escrow.depositOf(actions.account(i), actions.account(j)).balance;
            }
        }
        vm.assertEq(token.balanceOf(address(escrow)), balances, "the escrow has what it owes");
        vm.assertEq(
            balances + token.balanceOf(address(rewards)) + rewards.totalClaimed() + token.balanceOf(escrow.BURNED())
                + actions.collectorShares() + actions.withdrawn(),
            actions.deposited(),
            "deposits"
        );
    }

    /// @notice What roots promise is there, and no more than it is ever claimed.
    function invariant_Roots_AreCovered() public view {
        uint256 active = rewards.activeRecord().total;
        uint256 pending = rewards.pendingRecord().total;
        vm.assertLe(active, rewards.totalFunded(), "the active root");
        vm.assertLe(pending, rewards.totalFunded(), "the pending root");
        vm.assertLe(rewards.totalClaimed(), active, "claims");
        vm.assertGe(rewards.totalFunded(), actions.funded(), "nothing is lost");
    }

    /// @notice No account has more from claims than its leaf of the active root.
    function invariant_NoAccount_ClaimsTwice() public view {
        for (uint256 i = 0; i < actions.count(); ++i) {
            address account = actions.account(i);
            vm.assertLe(rewards.claimedOf(account), actions.earned(account), "claimed");
        }
    }

    /// @notice What was tried without a signature, or with another's, never moved anything.
    function invariant_NobodyWithoutASignature_MovesAnything() public view {
        vm.assertEq(actions.thefts(), 0, "thefts");
    }
}
