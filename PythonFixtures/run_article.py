#!/usr/bin/env python3
"""Run the Python code of an article, block after block, on a small model.

    run_article.py ARTICLE.md FOLDER

The folder gets what the Swift code of the same article starts from and is compared with: data.pth, initial.pth, gpu.pth (a
state dict as of DataParallel, tagged cuda:0), best.pth, and outputs.pth, what the article's `outputs` are.
"""
import os
import re
import sys

import torch
from torch.nn.modules.utils import consume_prefix_in_state_dict_if_present

from saving import location_tags
from train_reference import MLP


def blocks(article):
    with open(article, encoding="utf-8") as file:
        return re.findall(r"```python\n(.*?)```", file.read(), flags=re.DOTALL)


def world():
    """The names that the article takes for given."""
    torch.manual_seed(3)
    data = {"inputs": torch.randn(24, 6), "targets": torch.arange(24) % 3}
    model = MLP(6, [8], 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 4)
    loss_of = torch.nn.functional.cross_entropy

    def train_one_epoch(model, optimizer):
        optimizer.zero_grad()
        loss = loss_of(model.train()(data["inputs"]), data["targets"])
        loss.backward()
        optimizer.step()
        return loss.item()

    def validate(model):
        with torch.no_grad():
            return loss_of(model.eval()(data["inputs"]), data["targets"]).item()

    return data, {"torch": torch, "model": model, "optimizer": optimizer, "scheduler": scheduler, "inputs": data["inputs"],
                  "train_one_epoch": train_one_epoch, "validate": validate, "consume_prefix_in_state_dict_if_present": consume_prefix_in_state_dict_if_present}


def main():
    article, folder = sys.argv[1:]
    article = os.path.abspath(article)
    os.chdir(folder)
    os.mkdir("runs")
    data, names = world()
    torch.save(data, "data.pth")
    torch.save(names["model"].state_dict(), "initial.pth")
    with location_tags(lambda n: f"cuda:{0}"):
        torch.save({"state_dict": torch.nn.DataParallel(names["model"]).state_dict()}, "gpu.pth")
    code = blocks(article)
    assert len(code) == 4, f"the article has {len(code)} blocks of Python, not 4"
    for block in code:
        exec(compile(block, article, "exec"), names)
    assert names["start"] == 11 and names["missing"] == ["head.weight", "head.bias"] and not names["unexpected"]
    torch.save(names["outputs"], "outputs.pth")
    os.link(names["best_path"], "best.pth")


if __name__ == "__main__":
    main()
