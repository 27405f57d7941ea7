// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {EscrowParameters} from "../src/EscrowParameters.sol";
import {PaymentEscrow} from "../src/PaymentEscrow.sol";
import {SessionGrant} from "../src/SessionGrant.sol";
import {TokenHolder} from "../src/TokenHolder.sol";
import {Voucher} from "../src/Voucher.sol";
import {Grid} from "./support/Grid.sol";

contract PaymentEscrowTest is Grid {
    uint256 private constant PAYER_KEY = 11;
    uint256 private constant SESSION_KEY = 12;
    uint256 private constant DEPOSIT = 1000 ether;
    address private constant FRONT = address(0xF0);

    address private payer = vm.addr(PAYER_KEY);
    address private session = vm.addr(SESSION_KEY);

    function setUp() public override {
        super.setUp();
        fund(payer, DEPOSIT, address(escrow));
        vm.startPrank(payer);
        escrow.deposit(payer, FRONT, DEPOSIT);
        escrow.authorise(FRONT, session, 600 ether, uint64(block.timestamp + 30 days));
        vm.stopPrank();
    }

    function test_Collect_PaysTheDifferenceAndSharesIt() public {
        vm.assertEq(collect(100 ether), 100 ether, "first");
        vm.assertEq(collect(250 ether), 150 ether, "second pays the difference");

        vm.assertEq(token.balanceOf(escrow.BURNED()), 2.5 ether, "burned");
        vm.assertEq(token.balanceOf(FRONT), 12.5 ether, "collector");
        vm.assertEq(token.balanceOf(address(rewards)), 235 ether, "pool");
        vm.assertEq(token.balanceOf(address(escrow)), 750 ether, "left");
        vm.assertEq(escrow.depositOf(payer, FRONT).balance, 750 ether, "balance");
        vm.assertEq(escrow.sessionOf(payer, FRONT, session).collected, 250 ether, "collected");
    }

    /// @dev Attack: payer and collector are one, who pays itself for work that nobody asked for. Even if the epoch gives it all of
    /// the pool, the burned share is gone.
    function testFuzz_Attack_WashInference_LosesWhatIsBurned(uint256 amount) public {
        amount = bound(amount, 100, 600 ether);

        vm.assertEq(collect(amount), amount, "collected");

        uint256 back = token.balanceOf(FRONT) + token.balanceOf(address(rewards));
        vm.assertEq(back, amount - amount / 100, "all that can come back");
        vm.assertTrue(back < amount, "the profit is negative");
    }

    function test_Gas_Collect() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.prank(FRONT);
        escrow.collect(voucher, signature);
        vm.snapshotGasLastCall("PaymentEscrow", "collect, first of a session and a collector");

        voucher = voucherOf(200 ether);
        signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.prank(FRONT);
        escrow.collect(voucher, signature);
        vm.snapshotGasLastCall("PaymentEscrow", "collect");
    }

    function testFuzz_Collect_NeverMoreThanSignedCappedAndThere(uint256 balance, uint256 cap, uint256[4] memory amounts)
        public
    {
        balance = bound(balance, 1, 1000 ether);
        cap = bound(cap, 1, 1000 ether);
        address other = address(0xF1);
        fund(payer, balance, address(escrow));
        vm.startPrank(payer);
        escrow.deposit(payer, other, balance);
        escrow.authorise(other, session, uint128(cap), uint64(block.timestamp + 1 days));
        vm.stopPrank();
        uint256 paid = 0;
        uint256 highest = 0;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 amount = bound(amounts[i], 0, 2000 ether);
            Voucher memory voucher = voucherOf(amount);
            voucher.collector = other;
            bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
            vm.prank(other);
            paid += escrow.collect(voucher, signature);
            highest = amount > highest ? amount : highest;

            uint256 limit = highest < cap ? highest : cap;
            vm.assertEq(paid, limit < balance ? limit : balance, "paid in all");
        }

        vm.assertEq(escrow.depositOf(payer, other).balance, balance - paid, "the rest is there");
    }

    /// @dev Attack: a voucher is collected again, or an older one after it.
    function test_Attack_ReplayedVoucher_PaysNothing() public {
        collect(100 ether);

        vm.assertEq(collect(100 ether), 0, "the same");
        vm.assertEq(collect(99 ether), 0, "an older one");
        vm.assertEq(token.balanceOf(address(escrow)), 900 ether, "nothing moved");
    }

    /// @dev Attack: a developer promises one deposit to two fronts.
    function test_Attack_SameDepositAtTwoFronts_PaysOnlyTheOneItIsFor() public {
        address other = address(0xF1);
        vm.prank(payer);
        escrow.authorise(other, session, 600 ether, uint64(block.timestamp + 30 days));
        Voucher memory voucher = voucherOf(100 ether);
        voucher.collector = other;
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));

        vm.prank(other);
        vm.assertEq(escrow.collect(voucher, signature), 0, "the other front");
        vm.assertEq(collect(600 ether), 600 ether, "this one has all that it counted on");
    }

    /// @dev Attack: a developer takes the deposit out before the front collects.
    function test_Attack_WithdrawalRacingACollect_LosesToTheThaw() public {
        vm.startPrank(payer);
        escrow.thaw(FRONT, DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.StillThawing.selector, block.timestamp + 3 days));
        escrow.withdraw(FRONT);
        vm.stopPrank();

        vm.assertEq(collect(400 ether), 400 ether, "what thaws still pays");

        vm.warp(block.timestamp + 3 days);
        vm.prank(payer);
        escrow.withdraw(FRONT);
        vm.assertEq(token.balanceOf(payer), 600 ether, "only the rest comes back");
    }

    /// @dev Attack: a front charges more than was signed for.
    function test_Attack_CollectorRaisesTheAmount_IsRefused() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        voucher.cumulative = 500 ether;
        address signer = ECDSA.recover(escrow.voucherDigest(voucher), signature);

        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.VoucherNotBySession.selector, signer, session));
        escrow.collect(voucher, signature);
    }

    function test_Attack_VoucherOfAnotherChain_IsRefused() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.chainId(1029);
        address signer = ECDSA.recover(escrow.voucherDigest(voucher), signature);

        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.VoucherNotBySession.selector, signer, session));
        escrow.collect(voucher, signature);
    }

    function test_Attack_MalleableSignature_IsRefused() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = malleable(signed(SESSION_KEY, escrow.voucherDigest(voucher)));

        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, highS(signature)));
        escrow.collect(voucher, signature);
    }

    function test_Collect_ByAnyoneElse_Reverts() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));

        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.OnlyCollector.selector, address(this), FRONT));
        escrow.collect(voucher, signature);
    }

    function test_Collect_ByThePayersOwnKey_HasNoCap() public {
        Voucher memory voucher = voucherOf(DEPOSIT);
        voucher.session = payer;
        bytes memory signature = signed(PAYER_KEY, escrow.voucherDigest(voucher));

        vm.prank(FRONT);
        vm.assertEq(escrow.collect(voucher, signature), DEPOSIT, "all");
    }

    function test_Collect_BalanceShort_PaysTheRestLater() public {
        vm.startPrank(payer);
        escrow.authorise(FRONT, session, type(uint128).max, uint64(block.timestamp + 30 days));
        vm.stopPrank();
        vm.assertEq(collect(1500 ether), DEPOSIT, "what is there");
        fund(payer, 700 ether, address(escrow));
        vm.prank(payer);
        escrow.deposit(payer, FRONT, 700 ether);

        vm.assertEq(collect(1500 ether), 500 ether, "the rest, by the same voucher");
    }

    function test_Collect_Expired_Reverts() public {
        Voucher memory voucher = voucherOf(100 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.warp(voucher.expiry + 1);

        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.VoucherExpired.selector, voucher.expiry));
        escrow.collect(voucher, signature);
    }

    function test_Collect_SessionThatWasNeverAuthorised_Reverts() public {
        Voucher memory voucher = voucherOf(100 ether);
        voucher.session = vm.addr(13);
        bytes memory signature = signed(13, escrow.voucherDigest(voucher));

        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SessionExpired.selector, 0));
        escrow.collect(voucher, signature);
    }

    function test_Revoke_PaysForTheThawAndNoLonger() public {
        vm.prank(payer);
        escrow.revoke(FRONT, session);
        uint64 end = uint64(block.timestamp + 3 days);
        vm.warp(end);
        vm.assertEq(collect(100 ether), 100 ether, "within the thaw");
        vm.warp(end + 1);

        Voucher memory voucher = voucherOf(200 ether);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.prank(FRONT);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SessionExpired.selector, end));
        escrow.collect(voucher, signature);
    }

    function test_Revoke_SoonerExpiry_Stays() public {
        uint64 expiry = uint64(block.timestamp + 1 days);
        vm.startPrank(payer);
        escrow.authorise(FRONT, address(99), 1, expiry);
        escrow.revoke(FRONT, address(99));
        vm.stopPrank();

        vm.assertEq(escrow.sessionOf(payer, FRONT, address(99)).expiry, expiry, "expiry");
    }

    function test_Revoke_Unknown_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SessionUnknown.selector, session));
        escrow.revoke(FRONT, session);
    }

    function test_Authorise_OnlyGrows() public {
        PaymentEscrow.Session memory before = escrow.sessionOf(payer, FRONT, session);
        bytes memory refusal =
            abi.encodeWithSelector(PaymentEscrow.SessionOnlyGrows.selector, before.cap, before.expiry);
        vm.startPrank(payer);

        vm.expectRevert(refusal);
        escrow.authorise(FRONT, session, before.cap - 1, before.expiry);
        vm.expectRevert(refusal);
        escrow.authorise(FRONT, session, before.cap, before.expiry - 1);
        escrow.authorise(FRONT, session, before.cap + 1, before.expiry + 1);
    }

    function test_Authorise_BadSession_Reverts() public {
        uint64 expiry = uint64(block.timestamp + 1);
        vm.startPrank(payer);

        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        escrow.authorise(address(0), session, 1, expiry);
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        escrow.authorise(FRONT, address(0), 1, expiry);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SessionIsPayer.selector, payer));
        escrow.authorise(FRONT, payer, 1, expiry);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SessionExpired.selector, block.timestamp));
        escrow.authorise(FRONT, address(99), 1, uint64(block.timestamp));
    }

    function test_AuthoriseBySignature_OfThePayer_WorksOnce() public {
        SessionGrant memory grant =
            SessionGrant(payer, FRONT, vm.addr(13), 50 ether, uint64(block.timestamp + 1 days), 0);
        bytes memory signature = signed(PAYER_KEY, grantDigest(grant));

        escrow.authoriseBySignature(grant, signature);

        vm.assertEq(escrow.sessionOf(payer, FRONT, vm.addr(13)).cap, 50 ether, "cap");
        vm.expectRevert(abi.encodeWithSelector(Nonces.InvalidAccountNonce.selector, payer, 1));
        escrow.authoriseBySignature(grant, signature);
    }

    function test_AuthoriseBySignature_OfAnyoneElse_Reverts() public {
        SessionGrant memory grant =
            SessionGrant(payer, FRONT, vm.addr(13), 50 ether, uint64(block.timestamp + 1 days), 0);

        bytes memory signature = signed(13, grantDigest(grant));
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.GrantNotByPayer.selector, vm.addr(13), payer));
        escrow.authoriseBySignature(grant, signature);
    }

    function test_Deposit_ForAnother_IsTheirs() public {
        fund(address(this), 5 ether, address(escrow));
        escrow.deposit(address(42), FRONT, 5 ether);

        vm.assertEq(escrow.depositOf(address(42), FRONT).balance, 5 ether, "balance");
    }

    function test_Deposit_Bad_Reverts() public {
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        escrow.deposit(address(0), FRONT, 1);
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        escrow.deposit(payer, address(0), 1);
        vm.expectRevert(TokenHolder.ZeroAmount.selector);
        escrow.deposit(payer, FRONT, 0);
    }

    function test_Thaw_Zero_TakesItBack() public {
        vm.startPrank(payer);
        escrow.thaw(FRONT, DEPOSIT);
        escrow.thaw(FRONT, 0);
        vm.warp(block.timestamp + 30 days);

        vm.expectRevert(PaymentEscrow.NothingThawing.selector);
        escrow.withdraw(FRONT);
    }

    function test_Thaw_MoreThanThereIs_Reverts() public {
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.BalanceTooLow.selector, DEPOSIT, DEPOSIT + 1));
        escrow.thaw(FRONT, DEPOSIT + 1);
    }

    function test_Constructor_BadParameters_Revert() public {
        EscrowParameters memory parameters = escrowParameters();
        parameters.pool = address(0);
        vm.expectRevert(TokenHolder.ZeroAddress.selector);
        new PaymentEscrow(parameters);

        parameters = escrowParameters();
        parameters.thawPeriod = 0;
        vm.expectRevert(PaymentEscrow.NoThaw.selector);
        new PaymentEscrow(parameters);

        parameters = escrowParameters();
        (parameters.burnShare, parameters.collectorShare) = (5000, 5001);
        vm.expectRevert(abi.encodeWithSelector(PaymentEscrow.SharesTooLarge.selector, 5000, 5001));
        new PaymentEscrow(parameters);
    }

    function test_Collect_AllShares_LeaveNothingForNobody() public {
        EscrowParameters memory parameters = escrowParameters();
        (parameters.burnShare, parameters.collectorShare) = (0, 10_000);
        escrow = new PaymentEscrow(parameters);
        fund(payer, 10 ether, address(escrow));
        vm.prank(payer);
        escrow.deposit(payer, FRONT, 10 ether);
        Voucher memory voucher = voucherOf(10 ether);
        voucher.session = payer;
        bytes memory signature = signed(PAYER_KEY, escrow.voucherDigest(voucher));

        vm.prank(FRONT);
        escrow.collect(voucher, signature);

        vm.assertEq(token.balanceOf(FRONT), 10 ether, "all to the collector");
        vm.assertEq(token.balanceOf(address(rewards)), 0, "nothing to the pool");
    }

    function voucherOf(uint256 cumulative) private view returns (Voucher memory) {
        return Voucher(payer, FRONT, session, cumulative, uint64(block.timestamp + 20 days), keccak256("receipts"));
    }

    function collect(uint256 cumulative) private returns (uint256) {
        Voucher memory voucher = voucherOf(cumulative);
        bytes memory signature = signed(SESSION_KEY, escrow.voucherDigest(voucher));
        vm.prank(FRONT);
        return escrow.collect(voucher, signature);
    }

    function grantDigest(SessionGrant memory grant) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address contract_,,) = escrow.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                contract_
            )
        );
        return keccak256(
            abi.encodePacked(
                hex"1901",
                domain,
                keccak256(
                    abi.encode(
                        keccak256(
                            "SessionGrant(address payer,address collector,address session,uint128 cap,uint64 expiry,uint256 nonce)"
                        ),
                        grant
                    )
                )
            )
        );
    }
}
