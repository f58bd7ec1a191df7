"""What a study gives out: releases and answers to residents, each through the gate."""
