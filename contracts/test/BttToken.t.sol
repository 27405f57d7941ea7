// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BttToken} from "../src/BttToken.sol";
import {TestBase} from "./support/TestBase.sol";

contract BttTokenTest is TestBase {
    function testFuzz_Faucet_UpToTheLimit_Mints(uint256 amount) public {
        BttToken token = new BttToken();
        amount = bound(amount, 0, token.FAUCET_LIMIT());

        token.faucet(address(7), amount);

        vm.assertEq(token.balanceOf(address(7)), amount, "balance");
        vm.assertEq(token.totalSupply(), amount, "supply");
    }

    function test_Faucet_OverTheLimit_Reverts() public {
        BttToken token = new BttToken();
        uint256 limit = token.FAUCET_LIMIT();

        vm.expectRevert(abi.encodeWithSelector(BttToken.FaucetLimitExceeded.selector, limit + 1, limit));
        token.faucet(address(7), limit + 1);
    }

    function test_Constructor_OnBitTorrentChain_Reverts() public {
        uint256[2] memory chains = [uint256(199), 1029];
        for (uint256 i = 0; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(abi.encodeWithSelector(BttToken.NotATestChain.selector, chains[i]));
            new BttToken();
        }
    }
}
