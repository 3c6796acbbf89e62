"""A sweep in Hydra and PyTorch Lightning, with TensorBoard logging, in one process.

    python lightning_sweep.py -m rate=1e-3,1e-2 'seed=range(8)' data=DATA epochs=30

Written to be fast: data in memory as tensors, batches cut from them without a DataLoader's workers or
collation, scalars summed up once an epoch, a fused Adam, one thread (two are slower), no progress bar, no
model summary, no sanity check, no checkpoint. Prints a line for each run that is done.
"""

# pyright: reportMissingImports=false
# What it imports is in the environment of the peers.

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import hydra
import lightning
import numpy as np
import torch
from hydra.core.config_store import ConfigStore
from hydra.core.hydra_config import HydraConfig
from lightning.pytorch.loggers import TensorBoardLogger
from omegaconf import MISSING
from torch import nn
from torch.nn.functional import cross_entropy


@dataclass
class Config:
    data: str = MISSING
    rate: float = 1e-3
    seed: int = 0
    epochs: int = 30
    batch_size: int = 64
    threads: int = 1


ConfigStore.instance().store("config", Config)


class Batches:
    def __init__(self, x, y, size, shuffle):
        self.x, self.y, self.size, self.shuffle = x, y, size, shuffle

    def __len__(self):
        return len(self.x) // self.size

    def __iter__(self):
        order = torch.randperm(len(self.x)) if self.shuffle else torch.arange(len(self.x))
        for batch in order[: len(self) * self.size].split(self.size):
            yield self.x[batch], self.y[batch]


class Classifier(lightning.LightningModule):
    def __init__(self, inputs, rate):
        super().__init__()
        self.rate = rate
        self.network = nn.Sequential(
            nn.Linear(inputs, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
        )
        for layer in self.network:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight)
                nn.init.zeros_(layer.bias)
        self.seen = []

    def training_step(self, batch, _):
        x, y = batch
        logits = self.network(x)
        loss = cross_entropy(logits, y)
        self.seen.append((loss.detach(), (logits.argmax(-1) == y).float().mean()))
        return loss

    def on_train_epoch_end(self):
        loss, accuracy = (torch.stack(values).mean() for values in zip(*self.seen, strict=True))
        self.log_dict({"train/loss": loss, "train/accuracy": accuracy})
        self.seen.clear()

    def validation_step(self, batch, _):
        x, y = batch
        logits = self.network(x)
        accuracy = (logits.argmax(-1) == y).float().mean()
        self.log_dict({"val/loss": cross_entropy(logits, y), "val/accuracy": accuracy})

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), self.rate, fused=True)


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def main(config):
    warnings.filterwarnings("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    with np.load(config.data) as file:
        x, y, x_val, y_val = (torch.from_numpy(file[name]) for name in ("x", "y", "x_val", "y_val"))
    train = Batches(x, y.long(), config.batch_size, True)
    val = Batches(x_val, y_val.long(), len(x_val), False)
    folder = Path(HydraConfig.get().runtime.output_dir)
    trainer = lightning.Trainer(
        max_epochs=config.epochs,
        accelerator="cpu",
        logger=TensorBoardLogger(folder, name="", version=""),
        log_every_n_steps=len(train),
        num_sanity_val_steps=0,
        enable_progress_bar=False,
        enable_model_summary=False,
        enable_checkpointing=False,
    )
    model = Classifier(x.shape[1], config.rate)
    trainer.fit(model, train, val)
    print(f"run val/accuracy {trainer.callback_metrics['val/accuracy']:.4f}", flush=True)


if __name__ == "__main__":
    main()
