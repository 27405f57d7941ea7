// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NodeRegistry} from "../src/NodeRegistry.sol";
import {NodeRole} from "../src/NodeRole.sol";
import {RegistryParameters} from "../src/RegistryParameters.sol";
import {TokenHolder} from "../src/TokenHolder.sol";
import {Grid} from "./support/Grid.sol";
import {TaxedToken} from "./support/TaxedToken.sol";

contract NodeRegistryTest is Grid {
    function test_Register_WithEnough_Stakes() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);

        vm.assertEq(uint256(registry.roleOf(miner)), uint256(NodeRole.Miner), "role");
        vm.assertEq(registry.activeStakeOf(miner), MIN_MINER, "active");
        vm.assertEq(registry.slashableStakeOf(miner), MIN_MINER, "slashable");
        vm.assertEq(registry.nodeOf(miner).registrationEpoch, block.timestamp / EPOCH, "epoch");
        vm.assertEq(registry.validatorCount(), 0, "no validator");
        vm.assertEq(token.balanceOf(address(registry)), MIN_MINER, "tokens");
    }

    function test_Register_WithTooLittle_Reverts() public {
        fund(address(7), MIN_VALIDATOR, address(registry));
        vm.startPrank(address(7));

        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooSmall.selector, MIN_MINER - 1, MIN_MINER));
        registry.register(NodeRole.Miner, MIN_MINER - 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooSmall.selector, MIN_VALIDATOR - 1, MIN_VALIDATOR));
        registry.register(NodeRole.Validator, MIN_VALIDATOR - 1, address(0));
    }

    function test_Register_WithoutRole_Reverts() public {
        vm.expectRevert(NodeRegistry.RoleRequired.selector);
        registry.register(NodeRole.None, MIN_MINER, address(0));
    }

    function test_Register_Again_Reverts() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);

        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.AlreadyRegistered.selector, miner, NodeRole.Miner));
        registry.register(NodeRole.Validator, MIN_VALIDATOR, address(0));
    }

    function test_AddStake_Unregistered_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotRegistered.selector, address(this)));
        registry.addStake(1, address(0));
    }

    function test_AddStake_Zero_Reverts() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);

        vm.prank(miner);
        vm.expectRevert(TokenHolder.ZeroAmount.selector);
        registry.addStake(0, address(0));
    }

    function test_AddStake_AfterLeaving_NeedsTheMinimumAgain() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);
        fund(miner, MIN_MINER, address(registry));
        vm.startPrank(miner);
        registry.unstake(MIN_MINER);

        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooSmall.selector, 1, MIN_MINER));
        registry.addStake(1, address(0));
        registry.addStake(MIN_MINER, address(0));

        vm.assertEq(registry.activeStakeOf(miner), MIN_MINER, "active again");
        vm.assertEq(registry.slashableStakeOf(miner), 2 * MIN_MINER, "and unbonding");
    }

    function testFuzz_Unstake_LeavesNothingOrTheMinimum(uint256 stake, uint256 amount) public {
        stake = bound(stake, MIN_MINER, 1_000_000 ether);
        amount = bound(amount, 1, stake);
        address miner = register(1, NodeRole.Miner, stake);
        uint256 rest = stake - amount;

        vm.prank(miner);
        if (rest != 0 && rest < MIN_MINER) {
            vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooSmall.selector, rest, MIN_MINER));
        }
        registry.unstake(amount);

        uint256 active = registry.activeStakeOf(miner);
        vm.assertTrue(active == 0 || active >= MIN_MINER, "nothing or the minimum");
        vm.assertEq(registry.slashableStakeOf(miner), stake, "nothing has left");
    }

    function test_Unstake_TooMuchOrNothing_Reverts() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);
        vm.startPrank(miner);

        vm.expectRevert(TokenHolder.ZeroAmount.selector);
        registry.unstake(0);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StakeTooLow.selector, miner, MIN_MINER, MIN_MINER + 1));
        registry.unstake(MIN_MINER + 1);
    }

    function test_Unstake_Again_RestartsTheClockForAll() public {
        address miner = register(1, NodeRole.Miner, 3 * MIN_MINER);
        vm.startPrank(miner);
        registry.unstake(MIN_MINER);
        vm.warp(block.timestamp + 20 days);
        registry.unstake(MIN_MINER);
        uint64 unbondsAt = uint64(block.timestamp + 21 days);

        vm.warp(unbondsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.StillUnbonding.selector, miner, unbondsAt));
        registry.withdraw();
        vm.warp(unbondsAt);
        registry.withdraw();

        vm.assertEq(token.balanceOf(miner), 2 * MIN_MINER, "both parts");
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NothingUnbonding.selector, miner));
        registry.withdraw();
    }

    function test_Withdraw_WhileHeld_WaitsForTheRelease() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);
        vm.prank(miner);
        registry.unstake(MIN_MINER);
        vm.startPrank(address(court));
        registry.hold(miner);
        registry.hold(miner);
        registry.release(miner);
        vm.stopPrank();
        vm.warp(block.timestamp + 100 days);

        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.HeldByCourt.selector, miner, 1));
        registry.withdraw();
        vm.prank(address(court));
        registry.release(miner);
        vm.prank(miner);
        registry.withdraw();

        vm.assertEq(token.balanceOf(miner), MIN_MINER, "withdrawn");
    }

    function test_HoldAndRelease_OfNobody_Revert() public {
        vm.startPrank(address(court));
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotRegistered.selector, address(7)));
        registry.hold(address(7));
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotHeld.selector, address(7)));
        registry.release(address(7));
    }

    function testFuzz_CourtFunctions_ByAnyoneElse_Revert(address caller) public {
        vm.assume(caller != address(court));
        vm.startPrank(caller);
        bytes memory refusal = abi.encodeWithSelector(NodeRegistry.OnlyCourt.selector, caller);

        vm.expectRevert(refusal);
        registry.slash(address(7), 1);
        vm.expectRevert(refusal);
        registry.hold(address(7));
        vm.expectRevert(refusal);
        registry.release(address(7));
    }

    function testFuzz_Slash_TakesUnbondingFirstAndNeverMoreThanThereIs(uint256 unstaked, uint256 amount) public {
        uint256 stake = 5 * MIN_MINER;
        unstaked = bound(unstaked, 1, stake - MIN_MINER);
        amount = bound(amount, 0, 2 * stake);
        address miner = register(1, NodeRole.Miner, stake);
        vm.prank(miner);
        registry.unstake(unstaked);
        vm.warp(block.timestamp + 100 days);

        vm.prank(address(court));
        uint256 taken = registry.slash(miner, amount);

        vm.assertEq(taken, amount < stake ? amount : stake, "taken");
        vm.assertEq(registry.slashableStakeOf(miner), stake - taken, "left");
        vm.assertEq(token.balanceOf(address(court)), taken, "the court has it");
        uint256 active = registry.activeStakeOf(miner);
        vm.assertTrue(active == 0 || active >= MIN_MINER / 2, "nothing or half the minimum");
        if (amount <= unstaked) {
            vm.assertEq(active, stake - unstaked, "active untouched");
        }
    }

    /// @dev Attack: leave before the slash. What has matured and was not withdrawn is still reached.
    function test_Attack_ExitBeforeSlash_IsStillSlashed() public {
        address miner = register(1, NodeRole.Miner, MIN_MINER);
        vm.prank(miner);
        registry.unstake(MIN_MINER);
        vm.warp(block.timestamp + 365 days);

        vm.prank(address(court));
        vm.assertEq(registry.slash(miner, MIN_MINER), MIN_MINER, "taken");

        vm.prank(miner);
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NothingUnbonding.selector, miner));
        registry.withdraw();
    }

    function test_Slash_BelowHalfTheMinimum_PutsTheRestOut() public {
        address validator = register(1, NodeRole.Validator, MIN_VALIDATOR);
        vm.startPrank(address(court));

        registry.slash(validator, MIN_VALIDATOR / 2);
        vm.assertEq(registry.activeStakeOf(validator), MIN_VALIDATOR / 2, "still at work");
        vm.assertEq(registry.validatorCount(), 1, "as a validator");
        registry.slash(validator, 1);

        vm.assertEq(registry.activeStakeOf(validator), 0, "active");
        vm.assertEq(registry.slashableStakeOf(validator), MIN_VALIDATOR / 2 - 1, "still reached");
        vm.assertEq(registry.validatorCount(), 0, "no validator any more");
    }

    function test_VotingStake_IsTheLessOfThenAndNow() public {
        address validator = register(1, NodeRole.Validator, MIN_VALIDATOR);
        uint256 then = block.timestamp;
        vm.warp(then + 10);
        fund(validator, MIN_VALIDATOR, address(registry));
        vm.prank(validator);
        registry.addStake(MIN_VALIDATOR, address(0));
        vm.warp(then + 20);

        vm.assertEq(registry.votingStakeOf(validator, then), MIN_VALIDATOR, "bought later adds no vote");
        vm.assertEq(registry.votingStakeOf(validator, then - 1), 0, "nor does what came after");
        vm.assertEq(registry.totalValidatorStakeAt(then), MIN_VALIDATOR, "total then");
        vm.assertEq(registry.totalValidatorStakeAt(then + 10), 2 * MIN_VALIDATOR, "total later");

        vm.prank(validator);
        registry.unstake(2 * MIN_VALIDATOR);
        vm.assertEq(registry.votingStakeOf(validator, then), 0, "what left keeps none");
    }

    function test_VotingStake_OfAMiner_IsNothing() public {
        address miner = register(1, NodeRole.Miner, 10 * MIN_VALIDATOR);
        vm.warp(block.timestamp + 1);

        vm.assertEq(registry.votingStakeOf(miner, block.timestamp - 1), 0, "votes");
        vm.assertEq(registry.totalValidatorStakeAt(block.timestamp - 1), 0, "total");
    }

    function test_VotingStake_OfThePresent_Reverts() public {
        bytes memory refusal = abi.encodeWithSelector(NodeRegistry.NotPast.selector, block.timestamp, block.timestamp);

        vm.expectRevert(refusal);
        registry.votingStakeOf(address(7), block.timestamp);
        vm.expectRevert(refusal);
        registry.totalValidatorStakeAt(block.timestamp);
    }

    function test_Register_ValidatorsFull_DisplacesOnlyOneWithLess() public {
        for (uint256 i = 1; i <= 5; ++i) {
            register(i, NodeRole.Validator, MIN_VALIDATOR + i);
        }
        address newcomer = address(77);
        fund(newcomer, 2 * MIN_VALIDATOR, address(registry));
        vm.startPrank(newcomer);

        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.ValidatorsFull.selector, 5));
        registry.register(NodeRole.Validator, MIN_VALIDATOR, address(0));
        vm.expectRevert(
            abi.encodeWithSelector(
                NodeRegistry.NotDisplaceable.selector, vm.addr(3), MIN_VALIDATOR + 3, MIN_VALIDATOR + 3
            )
        );
        registry.register(NodeRole.Validator, MIN_VALIDATOR + 3, vm.addr(3));
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.NotDisplaceable.selector, address(5), 0, MIN_VALIDATOR + 3));
        registry.register(NodeRole.Validator, MIN_VALIDATOR + 3, address(5));
        registry.register(NodeRole.Validator, MIN_VALIDATOR + 3, vm.addr(2));

        vm.assertEq(registry.validatorCount(), 5, "still full");
        vm.assertEq(registry.activeStakeOf(vm.addr(2)), 0, "displaced");
        vm.assertEq(registry.slashableStakeOf(vm.addr(2)), MIN_VALIDATOR + 2, "and its stake is its own");
        bool found = false;
        for (uint256 i = 0; i < 5; ++i) {
            found = found || registry.validatorAt(i) == newcomer;
        }
        vm.assertTrue(found, "the newcomer is a validator");
    }

    function test_SelfPermit_WithStake_IsOneTransaction() public {
        address miner = vm.addr(9);
        token.faucet(miner, MIN_MINER);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(9, permitDigest(miner, MIN_MINER));
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(registry.selfPermit, (MIN_MINER, block.timestamp, v, r, s));
        calls[1] = abi.encodeCall(registry.register, (NodeRole.Miner, MIN_MINER, address(0)));

        // Somebody sends the permit first, which changes nothing.
        token.permit(miner, address(registry), MIN_MINER, block.timestamp, v, r, s);
        vm.prank(miner);
        registry.multicall(calls);

        vm.assertEq(registry.activeStakeOf(miner), MIN_MINER, "staked");
    }

    function test_SelfPermit_NotYetUsed_IsUsed() public {
        address miner = vm.addr(9);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(9, permitDigest(miner, 5));

        vm.prank(miner);
        registry.selfPermit(5, block.timestamp, v, r, s);

        vm.assertEq(token.allowance(miner, address(registry)), 5, "allowance");
    }

    function test_Register_TokenThatKeepsAPart_Reverts() public {
        TaxedToken taxed = new TaxedToken();
        RegistryParameters memory parameters = registryParameters(address(court));
        parameters.token = taxed;
        NodeRegistry other = new NodeRegistry(parameters);
        taxed.mint(address(this), MIN_MINER);
        taxed.approve(address(other), MIN_MINER);

        vm.expectRevert(
            abi.encodeWithSelector(TokenHolder.TransferIncomplete.selector, MIN_MINER, MIN_MINER - MIN_MINER / 100)
        );
        other.register(NodeRole.Miner, MIN_MINER, address(0));
    }

    function test_Constructor_BadParameters_Revert() public {
        RegistryParameters memory parameters = registryParameters(address(0));
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        new NodeRegistry(parameters);

        parameters = registryParameters(address(court));
        parameters.unbondingDelay = 21 days - 1;
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.UnbondingTooShort.selector, 21 days - 1, 21 days));
        new NodeRegistry(parameters);

        parameters = registryParameters(address(court));
        parameters.epochLength = 0;
        vm.expectRevert(NodeRegistry.BadEpochLength.selector);
        new NodeRegistry(parameters);

        parameters = registryParameters(address(court));
        parameters.minMinerStake = 0;
        vm.expectRevert(NodeRegistry.BadMinimum.selector);
        new NodeRegistry(parameters);

        parameters = registryParameters(address(court));
        parameters.maxValidators = 1025;
        vm.expectRevert(abi.encodeWithSelector(NodeRegistry.BadValidatorLimit.selector, 1025));
        new NodeRegistry(parameters);
    }

    /// @dev What `owner` signs to let the registry take `value` (EIP-2612).
    function permitDigest(address owner, uint256 value) private view returns (bytes32) {
        bytes32 permit = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                address(registry),
                value,
                0,
                block.timestamp
            )
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), permit));
    }
}
